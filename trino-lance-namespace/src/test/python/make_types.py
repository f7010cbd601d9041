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

"""Writes columns of the types that only pylance writes, in three file formats, under src/test/resources/pylance-types.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python make_types.py ../resources/pylance-types
"""

import decimal
import pathlib
import shutil
import struct
import sys
import uuid

import lance
import pyarrow as pa

D = decimal.Decimal
UUIDS = [uuid.UUID("12345678-1234-5678-9abc-def012345678").bytes, None, uuid.UUID(int=5).bytes, uuid.UUID(int=2**128 - 1).bytes]
JSON = ['{"b": [1, 2.50, null], "a": "\u00fc\\n\U0001F600"}', None, '"text"', "[1e3, true, 12345678901234567890]"]


def bfloat16(values):
    return [None if value is None else struct.pack("<f", value)[2:] for value in values]


def rows():
    bfloat16_field = {"ARROW:extension:name": "lance.bfloat16", "ARROW:extension:metadata": ""}
    blob_field = {"lance-encoding:blob": "true"}
    structs = pa.StructArray.from_arrays(
        [pa.array(UUIDS, pa.uuid()), pa.array([D("1.5"), None, D("-2.5"), D(0)], pa.decimal256(20, 1))],
        fields=[pa.field("u", pa.uuid()), pa.field("d", pa.decimal256(20, 1))],
    )
    columns = [
        (pa.field("id", pa.int64()), pa.array([1, 2, 3, 4], pa.int64())),
        (pa.field("dec38", pa.decimal256(38, 2)), pa.array([D("999999999999999999999999999999999999.99"), None, D("-0.01"), D("-999999999999999999999999999999999999.99")], pa.decimal256(38, 2))),
        (pa.field("dec10", pa.decimal256(10, 2)), pa.array([D("99999999.99"), None, D("-0.01"), D(0)], pa.decimal256(10, 2))),
        (pa.field("dec39", pa.decimal256(39, 2)), pa.array([D("1.00"), None, D("-0.01"), D(0)], pa.decimal256(39, 2))),
        (pa.field("text_view", pa.string_view()), pa.array(["a", None, "", "a text that is not kept inline"], pa.string_view())),
        (pa.field("bytes_view", pa.binary_view()), pa.array([b"a", None, b"", b"bytes that are not kept inline"], pa.binary_view())),
        (pa.field("json", pa.json_(pa.utf8())), pa.array(JSON, pa.json_(pa.utf8()))),
        (pa.field("uuid", pa.uuid()), pa.array(UUIDS, pa.uuid())),
        (pa.field("bfloat", pa.binary(2), metadata=bfloat16_field), pa.array(bfloat16([1.5, None, -2.0, float("inf")]), pa.binary(2))),
        (pa.field("bool8", pa.bool8()), pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, None, 0, -7], pa.int8()))),
        (pa.field("tensor", pa.fixed_shape_tensor(pa.float32(), [2])), pa.ExtensionArray.from_storage(pa.fixed_shape_tensor(pa.float32(), [2]), pa.array([[1.0, 2.0], None, [3.0, 4.0], [5.0, 6.0]], pa.list_(pa.float32(), 2)))),
        (pa.field("nothing", pa.null()), pa.nulls(4)),
        (pa.field("nothings", pa.list_(pa.null())), pa.array([[None], None, [], []], pa.list_(pa.null()))),
        (pa.field("decimals", pa.list_(pa.decimal256(38, 2))), pa.array([[D("1.10"), None], None, [], [D("-1.10")]], pa.list_(pa.decimal256(38, 2)))),
        (pa.field("nested", structs.type), structs),
        (pa.field("blob", pa.large_binary(), metadata=blob_field), pa.array([b"abc" * 1000, None, b"", b"x"], pa.large_binary())),
    ]
    return pa.table([array for _, array in columns], schema=pa.schema([field for field, _ in columns]))


def main(root):
    for format_version in ("2.0", "2.1", "2.2"):
        path = pathlib.Path(root) / f"v{format_version.replace('.', '_')}.lance"
        shutil.rmtree(path, ignore_errors=True)
        lance.write_dataset(rows(), path, data_storage_version=format_version, max_rows_per_file=3)
    path = pathlib.Path(root) / "nested_json.lance"
    shutil.rmtree(path, ignore_errors=True)
    values = pa.array(['{"a": 1}', "[]"], pa.json_(pa.utf8()))
    nested = pa.StructArray.from_arrays([values], fields=[pa.field("j", values.type)])
    lance.write_dataset(pa.table({"id": [1, 2], "nested": nested}), path)


if __name__ == "__main__":
    main(sys.argv[1])
