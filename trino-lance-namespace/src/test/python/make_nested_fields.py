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

"""Writes datasets with fields nested in structs, in three file formats, under src/test/resources/nested-fields, with pylance.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python make_nested_fields.py ../resources/nested-fields

The values follow from the id, so that a test can compute them. Every fifth struct is null: there the
formats that keep this have values in the fields below it, which nobody may see.
"""

import pathlib
import random
import shutil
import sys

import lance
import numpy as np
import pyarrow as pa


def column(ids, value, type, is_null=lambda id: False):
    return pa.array([None if is_null(id) else value(id) for id in ids], type)


def struct(children, mask):
    names = list(children)
    return pa.StructArray.from_arrays([children[name] for name in names], names, mask=mask)


def rows(ids, format_version):
    rng = random.Random(ids[0])
    # the first format has no null structs
    keeps_null_structs = format_version != "2.0"

    def mask(period):
        return pa.array(np.array([id % period == 0 for id in ids])) if keeps_null_structs else None

    def null(*periods):
        hidden = periods if keeps_null_structs else periods + (5,)
        return lambda id: any(id % period == 0 for period in hidden)

    def deep_null(*periods):
        return null(*periods) if keeps_null_structs else null(*periods, 7)

    y = struct({
        "z": column(ids, lambda id: f"t{id}", pa.string(), deep_null(4)),
        "w": column(ids, lambda id: [id, id + 1], pa.list_(pa.int64()), deep_null()),
    }, mask(7))
    s = struct({
        "x": column(ids, lambda id: id, pa.int32(), null(3)),
        "y": y,
        "A.b": column(ids, lambda id: id, pa.int64(), null()),
        "Sp ace": column(ids, lambda id: f"s{id}", pa.string(), null()),
        'q"uo': column(ids, lambda id: id + 1, pa.int64(), null()),
        "qu'o": column(ids, lambda id: id + 2, pa.int64(), null()),
        "Größe": column(ids, lambda id: id + 3, pa.int64(), null()),
        "select": column(ids, lambda id: id + 4, pa.int64(), null()),
        "dup": column(ids, lambda id: id + 5, pa.int64(), null()),
        "DUP": column(ids, lambda id: id + 6, pa.int64(), null()),
        "a`b": column(ids, lambda id: id + 7, pa.int64(), null()),
        "😀": column(ids, lambda id: id + 8, pa.int64(), null()),
        "dic": column(ids, lambda id: f"v{id % 3}", pa.string(), null()).dictionary_encode(),
        "payload": column(ids, lambda id: rng.randbytes(200).hex(), pa.string(), null()),
        "gone": column(ids, lambda id: id, pa.int64(), null()),
    }, mask(5))
    return pa.table({
        "id": pa.array(ids, pa.int64()),
        "s": s,
        "Na me": struct({"In": column(ids, lambda id: -id, pa.int64())}, None),
        "l": column(ids, lambda id: [{"k": id}, {"k": None}], pa.list_(pa.struct([("k", pa.int64())]))),
    })


def write(path, format_version):
    shutil.rmtree(path, ignore_errors=True)
    dataset = lance.write_dataset(rows(range(0, 120), format_version), path, data_storage_version=format_version, enable_stable_row_ids=format_version == "2.2")
    dataset.insert(rows(range(120, 200), format_version))
    dataset.drop_columns(["s.gone"])
    # rows of a fragment that has no file for the structs
    dataset.insert(pa.table({"id": pa.array(range(200, 210), pa.int64())}))
    dataset.delete("id % 11 = 1")


def main(root):
    for format_version in ("2.0", "2.1", "2.2"):
        write(pathlib.Path(root) / f"v{format_version.replace('.', '_')}.lance", format_version)


if __name__ == "__main__":
    main(sys.argv[1])
