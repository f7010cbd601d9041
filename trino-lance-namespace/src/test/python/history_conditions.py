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

"""Random conditions in Trino's SQL on the rows of a history, with what they are for a row: true, false, or None for NULL."""

import collections

import pyarrow as pa

Query = collections.namedtuple("Query", "sql test")


def text_literal(value):
    return "'" + value.replace("'", "''") + "'"


def negate(value):
    return None if value is None else not value


def conjunction(left, right):
    return False if left is False or right is False else None if left is None or right is None else True


class Conditions:
    """Of an object with the random generator `rng`, `columns` by name, `rows` by id, `indexes` (column by index), and `next_id`."""

    def query(self):
        chance = self.rng.random()
        if chance < 0.65:
            return self.atom()
        if chance < 0.72:
            term = self.atom()
            return Query(f"NOT ({term.sql})", lambda row: negate(term.test(row)))
        left, right = self.atom(), self.atom()
        if chance < 0.9:
            return Query(f"({left.sql}) AND ({right.sql})", lambda row: conjunction(left.test(row), right.test(row)))
        return Query(f"({left.sql}) OR ({right.sql})", lambda row: negate(conjunction(negate(left.test(row)), negate(right.test(row)))))

    def atom(self):
        indexed = list(self.indexes.values())
        name = self.rng.choice(indexed if indexed and self.rng.random() < 0.85 else list(self.columns))
        if self.rng.random() < 0.12:
            is_null = self.rng.random() < 0.6
            return Query(f"{name} IS {'' if is_null else 'NOT '}NULL", lambda row: (row[name] is None) == is_null)
        if pa.types.is_list(self.columns[name].kind.type):
            return self.list_atom(name)
        if self.columns[name].kind.type == pa.string() and self.rng.random() < 0.4:
            return self.text_atom(name)
        return self.comparison(name)

    def sample(self, name):
        known = [row for row in self.rows.values() if row.get(name) is not None and row[name] == row[name]] if name != "id" else []
        if name == "id":
            return self.rng.randrange(self.next_id + 5)
        return self.rng.choice(known)[name] if known and self.rng.random() < 0.8 else self.rng.choice([v for v in self.columns[name].kind.pool if v == v])

    def list_atom(self, name):
        elements = [element for element in self.sample(name) or [] if element is not None] or ([1] if self.columns[name].kind.type.value_type == pa.int64() else ["a"])
        wanted = self.rng.choice(elements)
        sql = f"contains({name}, {wanted if isinstance(wanted, int) else text_literal(wanted)})"
        return Query(sql, lambda row: None if row[name] is None else True if wanted in row[name] else None if None in row[name] else False)

    def text_atom(self, name):
        text = self.sample(name)
        start = self.rng.randrange(len(text) + 1)
        part = text[start:start + self.rng.choice([1, 3, 4, 8])]
        pattern = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return self.rng.choice([
            Query(f"starts_with({name}, {text_literal(part)})", lambda row: None if row[name] is None else row[name].startswith(part)),
            Query(f"{name} LIKE {text_literal(pattern + '%')} ESCAPE '\\'", lambda row: None if row[name] is None else row[name].startswith(part)),
            Query(f"{name} LIKE {text_literal('%' + pattern + '%')} ESCAPE '\\'", lambda row: None if row[name] is None else part in row[name]),
            Query(f"strpos({name}, {text_literal(part)}) > 0", lambda row: None if row[name] is None else part in row[name]),
        ])

    def comparison(self, name):
        literal = self.columns[name].kind.literal
        low, high = sorted([self.sample(name), self.sample(name)])
        values = [self.sample(name) for _ in range(self.rng.choice([1, 2, 5, 30]))]
        # Trino tells the zeros of an IN list apart
        values = [item for item in values if not isinstance(item, float) or item != 0] or [low or 1.5]
        listed = ", ".join(literal(item) for item in values)

        def on_values(test):
            return lambda row: None if row[name] is None else test(row[name])

        return self.rng.choice([
            Query(f"{name} = {literal(low)}", on_values(lambda v: v == low)),
            Query(f"{name} = {literal(low)}", on_values(lambda v: v == low)),
            Query(f"{name} <> {literal(low)}", on_values(lambda v: v != low)),
            Query(f"{name} < {literal(low)}", on_values(lambda v: v < low)),
            Query(f"{name} <= {literal(low)}", on_values(lambda v: v <= low)),
            Query(f"{name} > {literal(low)}", on_values(lambda v: v > low)),
            Query(f"{name} >= {literal(low)}", on_values(lambda v: v >= low)),
            Query(f"{name} BETWEEN {literal(low)} AND {literal(high)}", on_values(lambda v: low <= v <= high)),
            Query(f"{name} IN ({listed})", on_values(lambda v: v in values)),
            Query(f"{name} NOT IN ({listed})", on_values(lambda v: v not in values)),
            # comes to the scan as a dynamic filter
            Query(f"{name} IN (SELECT v FROM UNNEST(ARRAY[{listed}]) AS u (v))", on_values(lambda v: v in values)),
        ])
