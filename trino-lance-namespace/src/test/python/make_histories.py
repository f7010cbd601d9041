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

"""Writes indexed datasets with random histories, with pylance, and queries with the rows that they must find.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python make_histories.py DIRECTORY [HISTORIES [SEED [QUERIES]]]

A history is one dataset in DIRECTORY/h<number>.lance and one file DIRECTORY/h<number>.json: what was done, and queries
with a condition in Trino's SQL and the ids of the rows that pass. The ids come from a model of the rows in Python. A scan
without filter must agree with the model, so that a mistake of the model, or of the writer, is found here.
"""

import collections
import datetime
import json
import math
import pathlib
import random
import shutil
import sys
import warnings

import lance
import pyarrow as pa

from history_conditions import Conditions, text_literal

EPOCH = datetime.datetime(1970, 1, 1)
INTEGERS = [0, 1, -1, 2, 3, 5, 7, 50, -(2**31), 2**31 - 1]
FLOATS = [0.0, -0.0, math.nan, math.inf, -math.inf, 0.5, -0.5, 1.5, 7.0, 1e300]
SINGLES = [0.0, -0.0, math.nan, math.inf, -math.inf, 0.5, -0.5, 1.5, 7.0]
TEXTS = ["", "a", "A", "abc", "abcd", "a_c", "ab%c", "it's", "ünï", "日本語", "name 0007 zz", "old name", "new name here", "zzz", " "]

Kind = collections.namedtuple("Kind", "type pool by_id literal indexes")
Column = collections.namedtuple("Column", "kind by_id")


def float_literal(value):
    return f"DOUBLE '{floating(value)}'"


def floating(value):
    return repr(value).replace("inf", "Infinity")


ORDERED = ["BTREE", "BITMAP", "ZONEMAP", "BLOOMFILTER"]
# of the first index of each history, so that few histories have all kinds
FIRST_INDEXES = ["BTREE", "ZONEMAP", "BITMAP", "BLOOMFILTER", "LABEL_LIST", "NGRAM", "INVERTED"]
KINDS = {
    "n": Kind(pa.int64(), INTEGERS, lambda i: i // 3, str, ORDERED),
    "m": Kind(pa.int32(), INTEGERS, lambda i: i % 50, str, ORDERED),
    "f": Kind(pa.float64(), FLOATS, lambda i: i / 4, float_literal, ORDERED),
    "g": Kind(pa.float32(), SINGLES, lambda i: i % 64 / 4, lambda value: f"REAL '{floating(value)}'", ORDERED),
    "s": Kind(pa.string(), TEXTS, lambda i: f"name {i // 7:04d} zz", text_literal, [*ORDERED, "NGRAM", "INVERTED"]),
    "t": Kind(
        pa.timestamp("us"), [EPOCH + datetime.timedelta(seconds=s) for s in (0, -1, 1, 86_400, 1e9)],
        lambda i: EPOCH + datetime.timedelta(hours=i), lambda value: f"TIMESTAMP '{value.isoformat(' ', 'microseconds')}'", ORDERED),
    "d": Kind(
        pa.date32(), [datetime.date(1970, 1, 1), datetime.date(1969, 12, 31), datetime.date(2024, 2, 29), datetime.date(1, 1, 1)],
        lambda i: datetime.date(2000, 1, 1) + datetime.timedelta(days=i // 2), lambda value: f"DATE '{value.isoformat()}'", ORDERED),
    "b": Kind(pa.bool_(), [True, False], lambda i: i % 90 < 45, lambda value: str(value).lower(), ["BITMAP"]),
    "l": Kind(pa.list_(pa.int64()), [[], [1], [1, 2], [None], [3, None], [7, 50]], lambda i: [i // 10, i % 5], None, ["LABEL_LIST"]),
    "w": Kind(pa.list_(pa.string()), [[], ["a"], ["a", "b"], [None], ["it's", None]], lambda i: [f"w{i // 20}", "all"], None, ["LABEL_LIST"]),
}


def value(rng, column, row_id):
    chance = rng.random()
    if chance < 0.12:
        return None
    return column.kind.by_id(row_id) if column.by_id and chance < 0.9 else rng.choice(column.kind.pool)


class History(Conditions):
    def __init__(self, path, rng, number):
        self.path = str(path)
        self.rng = rng
        self.format = rng.choice(["2.0", "2.1", "2.2"])
        self.stable_row_ids = number % 3 == 1
        self.first_index = FIRST_INDEXES[number % len(FIRST_INDEXES)]
        self.fragment_rows = rng.choice([20, 50, 120, 400])
        names = ["n", "s", "l", *rng.sample(sorted(KINDS.keys() - {"n", "s", "l"}), 3)]
        self.columns = {"id": Column(KINDS["n"]._replace(by_id=lambda i: i), True)}
        self.columns |= {name: Column(KINDS[name], rng.random() < 0.6) for name in names}
        self.rows = {}
        self.next_id = 0
        self.indexes = {}
        self.done = [f"format {self.format}", f"stable row ids {self.stable_row_ids}"]
        self.versions = []

    def write(self, steps):
        self.next_id = self.rng.choice([40, 120, 300, 900])
        self.rows = self.new_rows(range(self.next_id))
        lance.write_dataset(
            self.table(self.rows), self.path, max_rows_per_file=self.fragment_rows,
            data_storage_version=self.format, enable_stable_row_ids=self.stable_row_ids)
        self.step(lambda: self.index(self.first_index), "index")
        for _ in range(self.rng.randint(0, 2)):
            self.step(self.index)
        actions = [
            self.append, self.append, self.delete, self.delete, self.update, self.update, self.merge, self.merge, self.merge_columns,
            self.compact, self.compact, self.compact_later, self.compact_later, self.optimize, self.optimize, self.index,
            self.add_column, self.drop_column, self.rename_column, self.cast_column, self.restore]
        for _ in range(steps):
            self.step(self.rng.choice(actions))
        self.check()

    def step(self, action, name=None):
        before = (dict(self.columns), {row_id: dict(row) for row_id, row in self.rows.items()}, dict(self.indexes))
        version = self.dataset().version
        try:
            self.done.append(f"{name or action.__name__} {action()}")
        # pylance has no one kind of exception for what it cannot do
        except (OSError, ValueError, RuntimeError, NotImplementedError) as e:
            self.columns, self.rows, self.indexes = before
            if self.dataset().version != version:
                self.dataset().checkout_version(version).restore()
            self.done.append(f"{name or action.__name__} failed: {str(e)[:200]}")
        else:
            self.versions.append((version, before))

    def dataset(self):
        return lance.dataset(self.path)

    def new_rows(self, ids):
        return {row_id: {name: value(self.rng, column, row_id) for name, column in self.columns.items() if name != "id"} for row_id in ids}

    def table(self, rows, names=None):
        names = names or [name for name in self.columns if name != "id"]
        arrays = {"id": pa.array(list(rows), pa.int64())}
        return pa.table(arrays | {name: pa.array([row[name] for row in rows.values()], self.columns[name].kind.type) for name in names})

    def some_ids(self, share):
        condition, test = self.rng.choice([
            lambda a, b: (f"id % {a} = {b % a}", lambda i: i % a == b % a),
            lambda a, b: (f"id >= {b} AND id < {b + self.next_id // a}", lambda i: b <= i < b + self.next_id // a),
        ])(max(2, round(1 / share)), self.rng.randrange(self.next_id))
        return condition, [row_id for row_id in self.rows if test(row_id)]

    def append(self):
        count = self.rng.choice([1, 30, 150])
        added = self.new_rows(range(self.next_id, self.next_id + count))
        lance.write_dataset(self.table(added), self.path, mode="append", max_rows_per_file=self.fragment_rows)
        self.rows |= added
        self.next_id += count
        return count

    def delete(self):
        condition, ids = self.some_ids(self.rng.choice([0.05, 0.3, 0.5]))
        self.dataset().delete(condition)
        for row_id in ids:
            del self.rows[row_id]
        return condition

    def update(self):
        name = self.rng.choice([name for name, column in self.columns.items() if name != "id" and column.kind.literal in (str, text_literal)])
        column = self.columns[name]
        changed = self.rng.choice([None, *column.kind.pool])
        condition, ids = self.some_ids(self.rng.choice([0.05, 0.2]))
        self.dataset().update({name: "NULL" if changed is None else column.kind.literal(changed)}, where=condition)
        for row_id in ids:
            self.rows[row_id][name] = changed
        return f"{name} = {changed!r} where {condition}"

    def merge(self):
        _, ids = self.some_ids(self.rng.choice([0.05, 0.2]))
        added = self.rng.choice([0, 20])
        merged = self.new_rows([*ids, *range(self.next_id, self.next_id + added)])
        self.dataset().merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute(self.table(merged))
        self.rows |= merged
        self.next_id += added
        return len(merged)

    def merge_columns(self):
        _, ids = self.some_ids(self.rng.choice([0.05, 0.2]))
        names = self.rng.sample([name for name in self.columns if name != "id"], self.rng.choice([1, 2]))
        merged = self.new_rows(ids)
        self.dataset().merge_insert("id").when_matched_update_all().execute(self.table(merged, names))
        for row_id in ids:
            self.rows[row_id] |= {name: merged[row_id][name] for name in names}
        return f"{names} of {len(ids)}"

    def compact(self, later=False):
        target = self.rng.choice([100, 300, 5_000])
        self.dataset().optimize.compact_files(target_rows_per_fragment=target, defer_index_remap=later)
        return target

    def compact_later(self):
        return self.compact(True)

    def optimize(self):
        options = self.rng.choice([{}, {"num_indices_to_merge": 0}, {"num_indices_to_merge": 5}, {"retrain": True}])
        self.dataset().optimize.optimize_indices(**options)
        return options

    def index(self, kind=None):
        name = self.rng.choice([name for name, column in self.columns.items() if kind is None or kind in column.kind.indexes])
        kind = kind or self.rng.choice(self.columns[name].kind.indexes)
        options = {"format_version": self.rng.choice([1, 2])} if kind == "INVERTED" else {}
        self.dataset().create_scalar_index(name, kind, name=f"{name}_{kind}", **options)
        self.indexes[f"{name}_{kind}"] = name
        return f"{name} {kind}"

    def add_column(self):
        name, source = f"c{len(self.versions)}", self.rng.choice([name for name in "nms" if name in self.columns])
        self.dataset().add_columns({name: f"CAST({source} AS {'STRING' if source == 's' else 'BIGINT'})"})
        self.columns[name] = Column(KINDS["s" if source == "s" else "n"], self.columns[source].by_id)
        for row in self.rows.values():
            row[name] = row[source]
        return f"{name} of {source}"

    def drop_column(self):
        name = self.rng.choice([name for name in self.columns if name not in ("id", "n", "s")])
        self.dataset().drop_columns([name])
        del self.columns[name]
        for row in self.rows.values():
            del row[name]
        self.indexes = {index: column for index, column in self.indexes.items() if column != name}
        return name

    def rename_column(self):
        name = self.rng.choice([name for name in self.columns if name not in ("id", "n", "s", "m")])
        renamed = f"r{len(self.versions)}"
        self.dataset().alter_columns({"path": name, "name": renamed})
        self.columns = {renamed if column == name else column: kind for column, kind in self.columns.items()}
        for row in self.rows.values():
            row[renamed] = row.pop(name)
        self.indexes = {index: renamed if column == name else column for index, column in self.indexes.items()}
        return f"{name} to {renamed}"

    def cast_column(self):
        wider = {pa.int32(): "n", pa.float32(): "f"}
        name = self.rng.choice([name for name, column in self.columns.items() if column.kind.type in wider] or ["n"])
        kind = KINDS[wider.get(self.columns[name].kind.type, "n")]
        self.dataset().alter_columns({"path": name, "data_type": kind.type})
        self.columns[name] = self.columns[name]._replace(kind=kind._replace(pool=self.columns[name].kind.pool, by_id=self.columns[name].kind.by_id))
        return f"{name} to {kind.type}"

    def restore(self):
        version, (columns, rows, indexes) = self.rng.choice(self.versions)
        self.dataset().checkout_version(version).restore()
        self.columns, self.rows, self.indexes = dict(columns), {row_id: dict(row) for row_id, row in rows.items()}, dict(indexes)
        return version

    def check(self):
        found = {row.pop("id"): row for row in self.dataset().to_table().to_pylist()}
        # by their texts NaN is NaN and the zeros differ
        assert repr(sorted(found.items())) == repr(sorted((row_id, {name: self.rows[row_id][name] for name in found[row_id]}) for row_id in self.rows)), self.done

    def queries(self, count):
        result = []
        for _ in range(count):
            query = self.query()
            ids = sorted(row_id for row_id, row in self.rows.items() if query.test(row | {"id": row_id}) is True)
            result.append({"condition": query.sql, "ids": ids})
        return result


def main(directory, histories=14, seed=1, queries=10):
    warnings.filterwarnings("ignore")
    root = pathlib.Path(directory)
    root.mkdir(parents=True, exist_ok=True)
    for number in range(histories):
        rng = random.Random(f"{seed} {number}")
        path = root / f"h{number}.lance"
        shutil.rmtree(path, ignore_errors=True)
        history = History(path, rng, number)
        history.write(rng.randint(0, 12))
        (root / f"h{number}.json").write_text(json.dumps({"history": history.done, "queries": history.queries(queries)}, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
