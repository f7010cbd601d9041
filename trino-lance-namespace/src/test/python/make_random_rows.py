#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.
#

"""Writes random rows in three file formats under src/test/resources/random-rows, with pylance.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python make_random_rows.py ../resources/random-rows [SEED]

Each dataset has many fragments, some that no index covers, and some that lack columns, deleted rows, columns and a
field that were added or dropped later, and scalar indexes of several kinds.

Beside each dataset is what a reader should find, which was computed without Lance: a line with the names and types of
the columns in Trino, and how to make a value of the type of the text "?"; then one line of texts per row.
"""

import datetime
import decimal
import json
import pathlib
import random
import shutil
import sys

import lance
import numpy as np
import pyarrow as pa

EPOCH = datetime.date(1970, 1, 1)
FLOATS = [0.0, -0.0, float("nan"), float("inf"), float("-inf"), 0.1, -0.1, 1.5, -1.5, 3.4028234663852886e38, 1e-45, 7.0]
TEXTS = ["", "a", "A", "b", "abc", "ab%c", "a_c", "it's", "back\\slash", "ünï", "Ünï", "日本", "😀 smile", "new\nline", "a`b", 'dou"ble', "zzz", "10", "9", " a", "a "]
BYTES = [b"", b"a", b"\x00", b"\x00\xff", b"abc", b"\xff\xfe"]
DAYS = [0, -1, 1, 18321, 19000, -719162, 2932896]
INSTANTS = [0, 1, -1, 1_000_000_007, -1_000_000_007, 86_400, 5, 1_700_000_000]


def choose(rng, values, count, nulls=0.15):
    return [None if rng.random() < nulls else rng.choice(values) for _ in range(count)]


def rows(first, count, seed, format_version):
    rng = random.Random(seed)

    def column(values, type, nulls=0.15):
        return pa.array(choose(rng, values, count, nulls), type)

    def structs():
        # the first format has no null structs
        nulls = 0 if format_version == "2.0" else 0.15
        inner = [{"q": value} for value in (0.0, 1.5, None)]
        return choose(rng, [{"x": x, "Y z": y, "in": i, "gone": 1} for x in (1, 2, None) for y in ("a", "ünï", None) for i in inner], count, nulls)

    decimals = [decimal.Decimal(text) for text in ("0.00", "1.10", "-1.10", "9999999999.99", "-9999999999.99", "5.00")]
    long_decimals = [decimal.Decimal(text) for text in ("0E-10", "1.1", "-1.1", "9999999999999999999999999999.9999999999", "5")]
    struct_type = pa.struct([("x", pa.int32()), ("Y z", pa.string()), ("in", pa.struct([("q", pa.float64())])), ("gone", pa.int32())])
    return pa.table({
        "id": pa.array(range(first, first + count), pa.int64()),
        "key": pa.array([rng.randrange(500) for _ in range(count)], pa.int64()),
        "i8": column([-128, -1, 0, 1, 5, 127], pa.int8()),
        "i16": column([-32768, -1, 0, 1, 5, 32767], pa.int16()),
        "i32": column([-2**31, -1, 0, 1, 5, 2**31 - 1], pa.int32()),
        "i64": column([-2**63, -1, 0, 1, 5, 2**53 + 1, 2**63 - 1], pa.int64()),
        "u8": column([0, 1, 5, 254, 255], pa.uint8()),
        "u32": column([0, 1, 5, 2**31, 2**32 - 1], pa.uint32()),
        "u64": column([0, 1, 5, 2**63, 2**64 - 1], pa.uint64()),
        "f16": column([0.0, -0.0, float("nan"), float("inf"), 1.5, -1.5], pa.float16()),
        "f32": column(FLOATS, pa.float32()),
        "f64": column(FLOATS, pa.float64()),
        "flag": column([True, False], pa.bool_()),
        "dec": column(decimals, pa.decimal128(12, 2)),
        "dec38": column(long_decimals, pa.decimal128(38, 10)),
        "s": column(TEXTS, pa.string()),
        "ls": column(TEXTS, pa.large_string()),
        "bin": column(BYTES, pa.binary()),
        "fbin": column([b"aa", b"\x00\xff", b"zz"], pa.binary(2)),
        "d32": column([EPOCH + datetime.timedelta(days=day) for day in DAYS], pa.date32()),
        "d64": column([EPOCH + datetime.timedelta(days=day) for day in DAYS], pa.date64()),
        **{"ts_" + unit: column(INSTANTS, pa.timestamp(unit)) for unit in ("s", "ms", "us", "ns")},
        **{"tz_" + unit: column(INSTANTS, pa.timestamp(unit, "UTC")) for unit in ("s", "ms", "us", "ns")},
        "berlin": column(INSTANTS, pa.timestamp("us", "Europe/Berlin")),
        "time_s": column([0, 1, 3600, 86_399], pa.time32("s")),
        "time_ms": column([0, 1, 3600, 86_399_999], pa.time32("ms")),
        "time_us": column([0, 1, 3600, 86_399_999_999], pa.time64("us")),
        "time_ns": column([0, 1, 3600, 86_399_999_999_999], pa.time64("ns")),
        "dur_ms": column([0, 1, -2, 86_400_000], pa.duration("ms")),
        "dur_ns": column([0, 1, -2, 86_400_000], pa.duration("ns")),
        "dic": column(TEXTS, pa.string()).dictionary_encode(),
        "st": pa.array(structs(), struct_type),
        "l": column([[], [1, 2], [None], [3, None], [1], [5, 1]], pa.list_(pa.int64())),
        "lst": column([[], ["a", "b"], [None], ["c", None], ["a"], ["it's"]], pa.list_(pa.string())),
        "fl": column([[], [0.0], [-0.0], [1.5, None], [float("nan")]], pa.list_(pa.float64())),
        "Na me": column([1, 2, 3], pa.int32()),
        "Größe": column([1, 2, 3], pa.int32()),
        "select": column([1, 2, 3], pa.int32()),
        'q"uo': column([1, 2, 3], pa.int32()),
        "qu'o": column([1, 2, 3], pa.int32()),
        "dropped": column([1, 2, 3], pa.int32()),
    })


def write(path, format_version, seed):
    shutil.rmtree(path, ignore_errors=True)
    first = rows(0, 400, 2 * seed - 1, format_version)
    dataset = lance.write_dataset(first, path, data_storage_version=format_version, max_rows_per_file=50)
    dataset.create_scalar_index("key", "BTREE")
    dataset.create_scalar_index("f64", "BTREE")
    dataset.create_scalar_index("s", "BTREE")
    dataset.create_scalar_index("tz_us", "BTREE")
    dataset.create_scalar_index("i32", "BITMAP")
    dataset.create_scalar_index("f32", "ZONEMAP")
    dataset.create_scalar_index("ts_us", "ZONEMAP")
    dataset.create_scalar_index("l", "LABEL_LIST")
    dataset.delete("id % 7 = 0")
    dataset.drop_columns(["dropped", "st.gone"])
    dataset.add_columns({"added": "CAST(id % 5 AS INT)"})
    second = drop(rows(400, 100, 2 * seed, format_version))
    dataset.insert(second.append_column("added", pa.nulls(second.num_rows, pa.int32())), max_rows_per_file=60)
    dataset.delete("id % 11 = 0")
    partial = pa.table({"id": pa.array(range(500, 520), pa.int64()), "key": pa.array(range(20), pa.int64()), "s": pa.array(["a", None] * 10)})
    dataset.insert(partial)
    expected = [row | {"added": texts(pa.array([id % 5]))[0]} for id, row in zip(ids(first), row_texts(drop(first))) if id % 7 and id % 11]
    expected += [row for id, row in zip(ids(second), row_texts(second)) if id % 11]
    expected += row_texts(partial)
    write_expected(path.with_suffix(".rows"), second.schema.append(pa.field("added", pa.int32())), expected)


def drop(table):
    structs = table.column("st").combine_chunks()
    kept = [field for field in structs.type if field.name != "gone"]
    # the children of a struct do not know its nulls
    mask = structs.is_null()
    without = pa.StructArray.from_arrays([structs.field(field.name) for field in kept], fields=kept, mask=mask)
    return table.set_column(table.schema.get_field_index("st"), "st", without).drop_columns(["dropped"])


def ids(table):
    return table.column("id").to_pylist()


def row_texts(table):
    columns = {name: texts(table.column(name)) for name in table.schema.names}
    return [{name: columns[name][i] for name in columns} for i in range(table.num_rows)]


def texts(array):
    """The values as texts from which Trino makes values of the type in trino_type."""
    type = array.type
    if pa.types.is_dictionary(type):
        return texts(array.cast(type.value_type))
    if pa.types.is_date32(type) or pa.types.is_date64(type):
        return [None if value is None else value.isoformat() for value in array.to_pylist()]
    if pa.types.is_timestamp(type):
        zone = "" if type.tz is None else " UTC"
        return [None if value is None else instant(value, type.unit) + zone for value in array.cast(pa.int64()).to_pylist()]
    if pa.types.is_time(type):
        return [None if value is None else instant(value, type.unit)[11:] for value in array.cast(pa.int32() if pa.types.is_time32(type) else pa.int64()).to_pylist()]
    if pa.types.is_duration(type):
        return texts(array.cast(pa.int64()))
    if pa.types.is_nested(type):
        return [None if value is None else json.dumps(nested(value), ensure_ascii=False) for value in array.to_pylist()]
    return [None if value is None else text(value, type) for value in array.to_pylist()]


def instant(value, unit):
    digits = {"s": 0, "ms": 3, "us": 6, "ns": 9}[unit]
    seconds, fraction = divmod(value, 10 ** digits)
    time = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return time.isoformat(" ") + (f".{fraction:0{digits}}" if digits else "")


def text(value, type):
    if pa.types.is_floating(type):
        return floating(np.float32(value) if pa.types.is_float32(type) else value)
    if isinstance(value, bytes):
        return value.hex()
    return format(value, "f") if isinstance(value, decimal.Decimal) else str(value)


def floating(value):
    return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(str(value), str(value))


def nested(value):
    """As Trino casts JSON: structs by the order of their fields."""
    if isinstance(value, dict):
        return [nested(field) for field in value.values()]
    if isinstance(value, list):
        return [nested(element) for element in value]
    return floating(value) if isinstance(value, float) else value


def trino_type(type):
    """The documented type and how to make it of a text."""
    if pa.types.is_dictionary(type):
        return trino_type(type.value_type)
    if pa.types.is_decimal(type):
        return simple(f"decimal({type.precision},{type.scale})")
    if pa.types.is_date(type):
        return simple("date")
    if pa.types.is_timestamp(type):
        precision = {"s": 0, "ms": 3, "us": 6, "ns": 9}[type.unit]
        name, expression = simple(f"timestamp({precision})" + ("" if type.tz is None else " with time zone"))
        return name, expression if type.tz is None else f"at_timezone({expression}, '{type.tz}')"
    if pa.types.is_time(type):
        return simple(f"time({ {'s': 0, 'ms': 3, 'us': 6, 'ns': 9}[type.unit]})")
    if pa.types.is_duration(type):
        return ("interval day to second", "CAST(? AS bigint) * INTERVAL '0.001' SECOND") if type.unit == "ms" else simple("bigint")
    if pa.types.is_nested(type):
        name = nested_type(type)
        return name, f"CAST(json_parse(?) AS {name})"
    if pa.types.is_string(type) or pa.types.is_large_string(type):
        return simple("varchar")
    if pa.types.is_binary(type) or pa.types.is_fixed_size_binary(type):
        return "varbinary", "from_hex(?)"
    return simple({
        "bool": "boolean",
        "int8": "tinyint", "int16": "smallint", "int32": "integer", "int64": "bigint",
        "uint8": "smallint", "uint32": "bigint", "uint64": "decimal(20,0)",
        "halffloat": "real", "float": "real", "double": "double",
    }[str(type)])


def simple(name):
    return name, f"CAST(? AS {name})"


def nested_type(type):
    if pa.types.is_struct(type):
        return "row(" + ", ".join(f'"{field.name}" {nested_type(field.type)}' for field in type) + ")"
    return f"array({nested_type(type.value_type)})" if pa.types.is_list(type) else trino_type(type)[0]


def write_expected(path, schema, expected):
    columns = [{"name": field.name, "type": trino_type(field.type)[0], "expression": trino_type(field.type)[1]} for field in schema]
    lines = [columns] + [[row.get(column["name"]) for column in columns] for row in expected]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def main(root, seed):
    for format_version in ("2.0", "2.1", "2.2"):
        write(pathlib.Path(root) / f"v{format_version.replace('.', '_')}.lance", format_version, seed)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
