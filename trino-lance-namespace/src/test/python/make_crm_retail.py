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

"""Writes the namespace tree under src/test/resources/crm-retail, and the dataset beside it, with pylance.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python make_crm_retail.py ../resources/crm-retail

The connector's tests read the committed output: it is data of another writer, in the file format
and namespace layout that pylance uses.
"""

import datetime
import decimal
import pathlib
import shutil
import sys

import lance
import pyarrow as pa
from lance.namespace import CreateNamespaceRequest, DirectoryNamespace


def write(namespace, table_id, table, **options):
    lance.write_dataset(table, namespace_client=namespace, table_id=table_id, mode="create", **options)


def customers():
    utc = datetime.timezone.utc
    return pa.table({
        "customer_id": pa.array([1, 2, 3, 4, 5], pa.int64()),
        "name": pa.array(["Ada", "Grace", "Edsger", None, "Barbara"]),
        "Balance": pa.array([decimal.Decimal("10.50"), decimal.Decimal("-3.25"), None, decimal.Decimal("0.00"), decimal.Decimal("99999.99")], pa.decimal128(12, 2)),
        "active": pa.array([True, False, None, True, True]),
        "since": pa.array([datetime.date(2020, 2, 29), datetime.date(1969, 12, 31), None, datetime.date(2024, 1, 1), datetime.date(2025, 6, 30)]),
        "last_seen": pa.array([datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, utc), None, None, datetime.datetime(1970, 1, 1, tzinfo=utc), None], pa.timestamp("us", "UTC")),
        "tags": pa.array([["vip", "eu"], [], None, ["us"], [None]], pa.list_(pa.string())),
        "address": pa.array([{"city": "London", "zip": 1}, None, {"city": None, "zip": 3}, {"city": "Oslo", "zip": None}, {"city": "Rome", "zip": 5}]),
        "tier": pa.array(["gold", "silver", "gold", None, "silver"]).dictionary_encode(),
        "embedding": pa.array([[0.5, 1.0], None, [1.5, 2.0], [2.5, 3.0], [3.5, 4.0]], pa.list_(pa.float32(), 2)),
        "attributes": pa.array([[("a", 1), ("b", 2)], [], None, [("c", None)], [("d", 4)]], pa.map_(pa.string(), pa.int64())),
    })


def main(root):
    shutil.rmtree(root, ignore_errors=True)
    namespace = DirectoryNamespace(root=root)
    for path in [["retail"], ["retail", "sales"], ["crm"], ["crm", "dim"], ["crm", "dim", "emea"]]:
        namespace.create_namespace(CreateNamespaceRequest(id=path))

    # maps need file format 2.2; two fragments
    write(namespace, ["retail", "sales", "customers"], customers(), data_storage_version="2.2", max_rows_per_file=3)
    write(namespace, ["crm", "dim", "customers_dim"], pa.table({
        "customer_id": pa.array([5, 1, 3, 42], pa.int64()),
        "segment": pa.array(["enterprise", "consumer", None, "unknown"]),
    }))
    write(namespace, ["crm", "dim", "emea", "countries"], pa.table({"code": ["NO", "IT"], "population": pa.array([5_600_000, None], pa.uint32())}))
    # Lance's Java library does not survive the zone of this column
    offset_zone = pathlib.Path(root).parent / "offset-zone"
    shutil.rmtree(offset_zone, ignore_errors=True)
    lance.write_dataset(pa.table({"id": [1], "at": pa.array([0], pa.timestamp("us", "+05:30"))}), offset_zone / "events.lance")
    # nor a file format that is newer than it
    newer_format = pathlib.Path(root).parent / "newer-format"
    shutil.rmtree(newer_format, ignore_errors=True)
    lance.write_dataset(pa.table({"id": [1]}), newer_format / "events.lance", data_storage_version="2.3")

    write(namespace, ["crm", "owners"], pa.table({"owner": ["sales team"]}))


if __name__ == "__main__":
    main(sys.argv[1])
