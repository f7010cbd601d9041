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

"""Writes tables whose names, or whose columns, are hard to read, under src/test/resources/names, with pylance.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python make_names.py ../resources/names

`table` is copied under many names by the tests, as a dataset does not hold its own name. The others are columns.
"""

import decimal
import pathlib
import shutil
import sys

import lance
import pyarrow as pa

D = decimal.Decimal
DEPTH = 1100


def write_table(path):
    """Version 1 has the rows 1 and 2, version 2 also 3, version 3 lacks 2 and is the newest of main."""
    dataset = lance.write_dataset(pa.table({"a": [1, 2]}), path)
    dataset.tags.create("first", 1)
    dataset = lance.write_dataset(pa.table({"a": [3]}), path, mode="append")
    dataset.delete("a = 2")


def decimals(precision, scale, values, width=pa.decimal128):
    return pa.array(values, width(precision, scale))


def columns():
    rows = [D("1E+3"), D("-12E+3"), None]
    return {
        "casedup": pa.table({"id": [1], "ID": [2]}),
        "mixedcase": pa.table({"Ab": [1], "aB": [2], "other": [3], "Single": [4]}),
        "backtick": pa.table({"id": [1], "back`tick": [5]}),
        "unusual": pa.table({"id": [1], "*": [2], "a b": [3], 'q"t': [4], "it's": [5], "nl\nx": [6], "ctl\x01": [7], "\u00fc": [8], "#?%41": [9]}),
        "emoji": pa.table({"id": [1, 2], "\U0001f600": [5, None], "x\U0001f600": ["a", "b"]}),
        "nameless": pa.table({"id": [1, 2], "": [5, 6]}),
        "nested": pa.table({"id": [1], "st": pa.array([{"a": 1, "\U0001f600": 2, "b`t": 3, "": 4, "*": 5}])}),
        "deepjson": pa.table({"id": [1, 2], "j": pa.array(["[" * DEPTH + "]" * DEPTH, '{"a":' * DEPTH + "1" + "}" * DEPTH], pa.json_(pa.utf8()))}),
        "negscale": pa.table({"d": decimals(5, -3, rows)}),
        "negscales": pa.table({
            "d": decimals(5, -3, rows),
            "wide": decimals(5, -3, rows, pa.decimal256),
            "long": decimals(30, -3, [D("999999999999999999999999999999E+3"), D("-1E+3"), None]),
            "longest": decimals(35, -3, [D("-99999999999999999999999999999999999E+3"), None, D(0)]),
            "toolong": decimals(36, -3, [None, D("1E+3"), None]),
            "list": pa.array([[D("1E+3"), None], None, []], pa.list_(pa.decimal128(5, -3))),
            "st": pa.StructArray.from_arrays([decimals(5, -3, rows)], names=["d"]),
        }),
    }


def main(root):
    root = pathlib.Path(root)
    shutil.rmtree(root, ignore_errors=True)
    write_table(root / "table.lance")
    for name, table in columns().items():
        lance.write_dataset(table, root / f"{name}.lance")


if __name__ == "__main__":
    main(sys.argv[1])
