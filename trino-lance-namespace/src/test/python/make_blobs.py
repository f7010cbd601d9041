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

"""Writes datasets with blobs of both versions, under src/test/resources/blobs, with pylance 14.

    .venv/bin/python make_blobs.py ../resources/blobs

The content of a blob follows from the id of its row, see content(). Each dataset is written in fragments of 10 rows, then rows
1, 12 and 25 are deleted, and rows 40 to 44 appended. The datasets with stable row ids are compacted before that, so that ids
and addresses of their rows differ.
"""
import os
import sys

import lance
import pyarrow as pa
from lance.blob import Blob, blob_array, blob_field


def content(i):
    if i % 7 == 3:
        return None
    if i % 7 == 4:
        return b""
    if i % 7 == 5:
        return (b"r%d" % i).ljust(3000, b"x")
    if i % 7 == 6:
        return (b"p%d" % i).ljust(500, b"y")
    return b"v%d" % i


V1 = pa.field("b", pa.large_binary(), metadata={"lance-encoding:blob": "true"})
# 17 bytes and more are packed, 1,001 and more have a file of their own
V2 = blob_field("b", inline_size_threshold=16, dedicated_size_threshold=1000)


def table(ids, field):
    values = [content(i) for i in ids]
    blobs = pa.array(values, pa.large_binary()) if pa.types.is_large_binary(field.type) else blob_array(values)
    names = pa.array(["n%d" % i for i in ids])
    schema = pa.schema([pa.field("id", pa.int64()), pa.field("name", pa.string()), field])
    return pa.table([pa.array(ids, pa.int64()), names, blobs], schema=schema)


def write(path, version, field, stable):
    options = dict(data_storage_version=version, enable_stable_row_ids=stable, max_rows_per_file=10)
    lance.write_dataset(table(range(40), field), path, **options).delete("id in (1, 12, 25)")
    if stable:
        lance.dataset(path).optimize.compact_files(target_rows_per_fragment=1000)
    lance.write_dataset(table(range(40, 45), field), path, mode="append")


def write_struct(path, version, field):
    ids = range(40)
    values = [content(i) for i in ids]
    blobs = pa.array(values, pa.large_binary()) if pa.types.is_large_binary(field.type) else blob_array(values)
    fields = [pa.field("n", pa.int64()), field]
    structs = pa.StructArray.from_arrays([pa.array(ids, pa.int64()), blobs], fields=fields, mask=pa.array([i % 5 == 0 for i in ids]))
    schema = pa.schema([pa.field("id", pa.int64()), pa.field("st", structs.type)])
    lance.write_dataset(pa.table([pa.array(ids, pa.int64()), structs], schema=schema), path, data_storage_version=version, max_rows_per_file=10)


def write_list(path, version, field):
    values = [content(i) for i in range(16)]
    blobs = pa.array(values, pa.large_binary()) if pa.types.is_large_binary(field.type) else blob_array(values)
    lists = pa.ListArray.from_arrays(pa.array(range(0, 17, 2), pa.int32()), blobs)
    schema = pa.schema([pa.field("id", pa.int64()), pa.field("l", pa.list_(field.with_name("item")))])
    lists = lists.cast(schema.field("l").type) if pa.types.is_large_binary(field.type) else lists
    lance.write_dataset(pa.table([pa.array(range(8), pa.int64()), lists], schema=schema), path, data_storage_version=version)


def main(directory):
    os.makedirs(directory)
    for stable in (False, True):
        suffix = "_stable.lance" if stable else ".lance"
        write(f"{directory}/v1_2_0{suffix}", "2.0", V1, stable)
        write(f"{directory}/v1_2_1{suffix}", "2.1", V1, stable)
        write(f"{directory}/v1_2_2{suffix}", "2.2", V1, stable)
        write(f"{directory}/v2{suffix}", "2.2", V2, stable)
    write_struct(f"{directory}/struct_v1.lance", "2.1", V1)
    write_struct(f"{directory}/struct_v2.lance", "2.2", V2)
    write_list(f"{directory}/list_v1.lance", "2.1", V1)
    write_list(f"{directory}/list_v2.lance", "2.2", V2)
    first = pa.table([pa.array([1, 2]), pa.array([b"a", None], pa.large_binary())], schema=pa.schema([pa.field("id", pa.int64()), V1]))
    lance.write_dataset(first, f"{directory}/first_format.lance", data_storage_version="legacy")
    outside = blob_array([b"inside", Blob.from_uri("file:///no/such/directory/whole.bin"), Blob.from_uri("file:///no/such/directory/part.bin", 5, 10), None])
    schema = pa.schema([pa.field("id", pa.int64()), V2])
    lance.write_dataset(
        pa.table([pa.array([1, 2, 3, 4]), outside], schema=schema),
        f"{directory}/outside.lance",
        data_storage_version="2.2",
        allow_external_blob_outside_bases=True)


main(sys.argv[1])
