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


"""Writes tables with zone maps and bloom filters by which Lance 7.0.0 loses rows, with pylance.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python make_unusable_indexes.py DIRECTORY && (cd DIRECTORY && zip -9 -r unusable-indexes.zip *.lance)
"""

import pathlib
import sys

import lance
import pyarrow as pa

REUSED_ROWS = 20_000


def write_stable(path):
    """Stable row ids: 3,000 rows in fragments of 1,000, of which every 11th was updated after the zone map was built."""
    ids = range(3_000)
    dataset = lance.write_dataset(
        pa.table({"id": ids, "x": [i % 1_000 / 4 for i in ids]}), path, max_rows_per_file=1_000, enable_stable_row_ids=True)
    dataset.create_scalar_index("x", "ZONEMAP")
    dataset.update({"x": "7"}, where="id % 11 = 3")


def write_reused(path, column, kind):
    """Fragments that were compacted with their index left as it was, and then appended to and merged into."""
    dataset = lance.write_dataset(
        rows(range(REUSED_ROWS), lambda i: f"name {i % 500:04d} zz", lambda i: i % 97), path, max_rows_per_file=2_000)
    dataset.create_scalar_index(column, kind)
    dataset.delete("id % 3 = 1")
    dataset.optimize.compact_files(target_rows_per_fragment=6_000, defer_index_remap=True)
    dataset = lance.dataset(path)
    dataset.insert(rows(range(REUSED_ROWS, REUSED_ROWS + 500), lambda i: f"name {i - REUSED_ROWS:04d} zz", lambda i: (i - REUSED_ROWS) % 97))
    changed = rows(range(0, 3_000, 3), lambda _: "updated 0007 zz", lambda _: 5)
    dataset.merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute(changed)


def rows(ids, text, number):
    return pa.table({"id": list(ids), "b": [number(i) for i in ids], "s": [text(i) for i in ids], "x": [i * 0.5 for i in ids]})


def main(directory):
    root = pathlib.Path(directory)
    write_stable(root / "stable_zone.lance")
    write_reused(root / "bloom.lance", "s", "BLOOMFILTER")
    write_reused(root / "zone.lance", "id", "ZONEMAP")


if __name__ == "__main__":
    main(sys.argv[1])
