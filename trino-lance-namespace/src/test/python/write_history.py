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

"""Writes a dataset with a history of versions, tags and branches to the given path, and prints what pylance reads.

    python write_history.py /tmp/history.lance

Each line is a row: what was checked out ("version", "tag" or "branch"), its number or name, the row id, the id and the name.
"""

import sys

import lance
import pyarrow as pa


def data(ids, name):
    return pa.table({"id": pa.array(ids, pa.int64()), "name": [f"{name}-{i}" for i in ids]})


def write(path):
    dataset = lance.write_dataset(data(range(20), "new"), path, enable_stable_row_ids=True, max_rows_per_file=8)
    dataset.insert(data(range(20, 30), "new"))
    dataset.update({"name": "'updated-' || cast(id as string)"}, where="id % 7 = 0")
    dataset.delete("id IN (3, 4, 21)")
    dataset.merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute(data([5, 22, 40, 41], "merged"))
    dataset.optimize.compact_files()
    dataset = lance.dataset(path)
    dataset.tags.create("first", 1)
    dataset.tags.create("updated", 3)
    branch = dataset.create_branch("experiment", 2)
    branch.delete("id > 4")
    dataset.tags.create("tried", ("experiment", branch.version))
    branch.insert(data([100], "branch"))
    return branch


def show(kind, name, dataset):
    for row in dataset.to_table(with_row_id=True).to_pylist():
        print(kind, name, row["_rowid"], row["id"], row["name"], sep="\t")


def main(path):
    branch = write(path)
    dataset = lance.dataset(path)
    for version in dataset.versions():
        show("version", version["version"], lance.dataset(path, version=version["version"]))
    for tag in dataset.tags.list():
        show("tag", tag, lance.dataset(path, version=tag))
    show("branch", "experiment", branch)


if __name__ == "__main__":
    main(sys.argv[1])
