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

"""Writes lists of every type that a filter can look for an element of, under src/test/resources/lists, with pylance.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python make_lists.py ../resources/lists
"""

import datetime
import decimal
import pathlib
import shutil
import sys

import lance
import pyarrow as pa

# each type with an element that is looked for and another one
ELEMENTS = [
    (pa.bool_(), True, False),
    (pa.int8(), -5, 1), (pa.int16(), -5, 1), (pa.int32(), -5, 1), (pa.int64(), -2**63, 1),
    (pa.uint8(), 255, 1), (pa.uint16(), 2**16 - 1, 1), (pa.uint32(), 2**32 - 1, 1), (pa.uint64(), 2**64 - 1, 1),
    (pa.decimal128(12, 2), decimal.Decimal("-1.10"), decimal.Decimal("1.10")),
    (pa.string(), "it's", "a"), (pa.large_string(), "😀", "a"),
    (pa.binary(), b"\x00", b"a"), (pa.large_binary(), b"\x00", b"a"),
    (pa.date32(), datetime.date(2020, 2, 29), datetime.date(1970, 1, 1)),
    (pa.time32("s"), 5, 0), (pa.time32("ms"), 5, 0), (pa.time64("us"), 5, 0), (pa.time64("ns"), 5, 0),
    (pa.duration("us"), 5, 0), (pa.duration("ns"), 5, 0),
    *((pa.timestamp(unit, zone), 5, 0) for unit in ("s", "ms", "us", "ns") for zone in (None, "UTC", "Europe/Berlin")),
]


def main(root):
    path = pathlib.Path(root) / "lists.lance"
    shutil.rmtree(path, ignore_errors=True)
    columns = {"id": pa.array(range(6), pa.int64())}
    for i, (type, wanted, other) in enumerate(ELEMENTS):
        rows = [[other], [wanted], [other, wanted], [other, None], None, []]
        columns[f"list_{i}"] = pa.array(rows, pa.list_(type))
        columns[f"large_list_{i}"] = pa.array(rows, pa.large_list(type))
    lance.write_dataset(pa.table(columns), path, data_storage_version="2.1")


if __name__ == "__main__":
    main(sys.argv[1])
