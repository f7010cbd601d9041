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

"""Writes the same rows in three file formats under src/test/resources/random-rows, with pylance.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python make_random_rows.py ../resources/random-rows

Each dataset has several fragments, an appended one that no index covers, deleted rows, a column that
was added and one that was dropped later, and scalar indexes of several kinds.
"""

import datetime
import decimal
import pathlib
import random
import shutil
import sys

import lance
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
        return choose(rng, [{"x": x, "Y z": y, "in": i} for x in (1, 2, None) for y in ("a", "ünï", None) for i in inner], count, nulls)

    decimals = [decimal.Decimal(text) for text in ("0.00", "1.10", "-1.10", "9999999999.99", "-9999999999.99", "5.00")]
    long_decimals = [decimal.Decimal(text) for text in ("0E-10", "1.1", "-1.1", "9999999999999999999999999999.9999999999", "5")]
    struct_type = pa.struct([("x", pa.int32()), ("Y z", pa.string()), ("in", pa.struct([("q", pa.float64())]))])
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


def write(path, format_version):
    shutil.rmtree(path, ignore_errors=True)
    dataset = lance.write_dataset(rows(0, 400, 1, format_version), path, data_storage_version=format_version, max_rows_per_file=150)
    dataset.create_scalar_index("key", "BTREE")
    dataset.create_scalar_index("f64", "BTREE")
    dataset.create_scalar_index("s", "BTREE")
    dataset.create_scalar_index("tz_us", "BTREE")
    dataset.create_scalar_index("i32", "BITMAP")
    dataset.create_scalar_index("f32", "ZONEMAP")
    dataset.create_scalar_index("ts_us", "ZONEMAP")
    dataset.create_scalar_index("l", "LABEL_LIST")
    dataset.delete("id % 7 = 0")
    dataset.drop_columns(["dropped"])
    dataset.add_columns({"added": "CAST(id % 5 AS INT)"})
    more = rows(400, 100, 2, format_version).drop_columns(["dropped"])
    dataset.insert(more.append_column("added", pa.nulls(more.num_rows, pa.int32())))
    dataset.delete("id % 11 = 0")


def main(root):
    for format_version in ("2.0", "2.1", "2.2"):
        write(pathlib.Path(root) / f"v{format_version.replace('.', '_')}.lance", format_version)


if __name__ == "__main__":
    main(sys.argv[1])
