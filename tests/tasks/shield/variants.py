"""
Apex that asks about a field in every way that SOQL has, made by lot, and Apex that only looks as if it did.

The query is drawn as words, so the same one can be written in brackets over many lines with comments, put together from texts,
or sent to an org.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tasks.shield.model import Use

EQUAL = (
    ("=", ":wanted", "'x'"),
    ("!=", "null", "null"),
    ("=", "'it\\'s'", "'it\\'s'"),
    ("IN", ":found.keySet()", "('x')"),
    ("NOT IN", "('a', :b[0].c(d))", "('a', 'b')"),
    ("=", ":row?.Name", "'x'"),
)
PARTIAL = (
    ("LIKE", ":part + '%'", "'x%'"),
    ("LIKE", "'%-1'", "'%-1'"),
    ("<", ":limits.get('low')", "'5'"),
    (">=", "'5'", "'5'"),
)
OTHERS = ("Name = 'x'", "CreatedDate = LAST_N_DAYS:30", "Id IN :ids", "(Name != null OR Name LIKE 'a%')")
ENDS = ("", "LIMIT 5", "LIMIT :most OFFSET 2", "FOR UPDATE", "FOR VIEW", "ALL ROWS", "WITH USER_MODE LIMIT 1")
SHAPES = ("own", "alias", "named", "parent", "far", "second", "child", "semi", "sosl")
WAYS = ("where", "part", "not", "label", "order", "group", "rollup", "having", "aggregate", "nested")
DRESSES = ("inline", "loop", "text", "joined", "pieces", "locator", "format", "lines")


@dataclass(frozen=True)
class Variant:
    """
    `asked` is the qualified field that `source` asks about and `use` how; both are empty where it asks about none. `soql` is the
    same query with values in place of what is bound, where an org takes it as it is.
    """

    source: str
    asked: str
    use: Use | None
    soql: str
    what: str


def asking(rng: Random, account: str, contact: str) -> Variant:
    """One class that asks about a field of Account or of Contact, both given without their object."""
    shape, way = rng.choice(SHAPES), rng.choice(WAYS)
    if shape in ("child", "semi", "sosl") and way in ("group", "rollup", "having", "aggregate", "nested"):
        way = "where"
    if shape == "semi" and way == "order":
        way = "part"
    dress = "inline" if shape == "sosl" else rng.choice(DRESSES)
    of_contact = shape in ("child", "semi")
    name = contact if of_contact else account
    path, start, end = _shape(shape, name)
    select, tail, use, told = _way(rng, way, path)
    words = [*_cased(rng, "SELECT"), *select, *start, *tail, *end]
    plain = [*_cased(rng, "SELECT"), *select, *start, *told, *end]
    if shape == "sosl":
        inside = f"Account(Id {' '.join(tail)}), Contact(Id)"
        words = ["FIND", ":wanted", "IN", "ALL", "FIELDS", "RETURNING", *inside.split(" ")]
    if shape not in ("child", "semi", "sosl"):
        ends = rng.choice(ENDS[:3] if way in ("group", "rollup", "having", "aggregate", "nested") else ENDS)
        words += ends.split()
    source = _dressed(rng, dress, words)
    soql = " ".join(plain)
    # Two forms are seldom written, one is a search, and a case has no name: the org is asked the others.
    if (
        shape in ("second", "sosl")
        or way in ("label", "nested", "rollup")
        or (shape == "far" and "Name" in soql)
    ):
        soql = ""
    owner = "Contact" if of_contact else "Account"
    return Variant(source, f"{owner}.{name}", use, soql, f"{shape}, {way}, {dress}")


def looking(rng: Random, account: str, contact: str) -> Variant:
    """One class that reads, binds, logs or comments on the fields, and asks about neither."""
    lines = [
        f"for (Account a : [SELECT Id, {account} FROM Account WHERE Name = :a.{account} ORDER BY Name]) {{}}",
        f"Object b = [SELECT toLabel({account}), (SELECT {contact} FROM Contacts WHERE Name != null) FROM Account];",
        f"// [SELECT Id FROM Account WHERE {account} = 'x' ORDER BY {account}]",
        f"/* Database.query('SELECT Id FROM Contact WHERE {contact} LIKE \\'x%\\'')\n   GROUP BY {contact} */",
        f"Object c = [SELECT Id FROM Account WHERE Name = '{account} = 1' AND Id = :f('{account}')];",
        f"Object d = [SELECT Id FROM Lead WHERE {account} = 'x' GROUP BY {contact}];",
        f"Object e = [SELECT c.{contact}, c.Account.{account} FROM Contact c WHERE c.Name = :x?.{contact} FOR UPDATE];",
        f"String f = 'SELECT Id, {account} ' + 'FROM Account ' + 'WHERE Name = \\'' + row.{account} + '\\''; Database.query(f);",
        f"Database.query('SELECT Id FROM Account'); System.debug('{account} = ' + row.{account});",
        f"if (row.{account} == 'x' && other.{contact} != null) {{ row.{account} = 'y'; }}",
        f"Object g = [FIND :x IN ALL FIELDS RETURNING Account(Id, {account} WHERE Name = 'x' ORDER BY Name), Contact(Id)];",
        f"Object h = [SELECT TYPEOF What WHEN Account THEN {account} ELSE Name END FROM Event WHERE Subject != null];",
    ]
    rng.shuffle(lines)
    body = "\n    ".join(lines[: rng.randint(1, len(lines))])
    return Variant(f"public class Quiet {{ void run() {{\n    {body}\n}} }}", "", None, "", "looks only")


def _shape(shape: str, name: str) -> tuple[str, list[str], list[str]]:
    """The path to the field, what stands between the list and the clauses, and what stands behind those."""
    return {
        "own": (name, ["FROM", "Account"], []),
        "alias": (f"acc.{name}", ["FROM", "Account", "acc"], []),
        "named": (f"Account.{name}", ["FROM", "Account", "USING", "SCOPE", "everything"], []),
        "parent": (f"Account.{name}", ["FROM", "Contact"], []),
        "far": (f"c.Contact.Account.{name}", ["FROM", "Case", "c"], []),
        "second": (f"a.{name}", ["FROM", "Contact", "c,", "c.Account", "a"], []),
        "child": (name, [",", "(SELECT", "Id", "FROM", "Contacts"], [")", "FROM", "Account"]),
        "semi": (
            name,
            ["FROM", "Account", "WHERE", "Name", "!=", "null", "AND", "Id", "IN", "(SELECT", "AccountId", "FROM", "Contact"],
            [")"],
        ),
        "sosl": (name, [], []),
    }[shape]  # fmt: skip


def _way(rng: Random, way: str, path: str) -> tuple[list[str], list[str], Use, list[str]]:
    """The list, the clauses as Apex has them, what they do, and the clauses as an org takes them."""
    operator, bound, value = rng.choice(EQUAL if way == "where" else PARTIAL)
    before = f"{rng.choice(OTHERS)} AND " if rng.random() < 0.5 else ""
    plain_before = before.replace(":ids", "(null)")
    behind = rng.choice(("", " AND Name != null", " OR (Name = 'x')"))
    if behind.startswith(" OR") and before:
        behind = ""
    conditions = {
        "where": (f"{path} {operator}", Use.EQUALITY),
        "part": (f"{path} {operator}", Use.COMPARISON),
        "not": (f"NOT {path} {operator}", Use.COMPARISON),
        "label": (f"toLabel({path}) {operator}", Use.COMPARISON),
    }
    if way in conditions:
        words, use = conditions[way]
        if way == "not":
            before = plain_before = behind = ""
        return (
            ["Id"],
            [*_cased(rng, "WHERE"), *f"{before}{words} {bound}{behind}".split(" ")],
            use,
            f"WHERE {plain_before}{words} {value}{behind}".split(" "),
        )
    if way == "order":
        clause = f"ORDER BY {rng.choice(('', 'Name, '))}{path}{rng.choice((' ASC', ' DESC NULLS LAST', ''))}"
        return ["Id"], _cased(rng, clause, path), Use.SORT, clause.split(" ")
    listed, clause, use = {
        "group": ("COUNT(Id) n", f"GROUP BY {path}", Use.GROUP),
        "rollup": ("COUNT(Id) n", f"GROUP BY ROLLUP({path})", Use.GROUP),
        "having": ("Name", f"GROUP BY Name HAVING COUNT({path}) > 1", Use.AGGREGATE),
        "aggregate": (f"{rng.choice(('MAX', 'COUNT_DISTINCT', 'Min'))}({path}) n", "", Use.AGGREGATE),
        "nested": (f"FORMAT(MAX({path})) n", "", Use.AGGREGATE),
    }[way]
    return listed.split(" "), [each for each in clause.split(" ") if each], use, clause.split(" ")


def _cased(rng: Random, words: str, keep: str = "") -> list[str]:
    """Keywords in any case; a name stays as it is."""
    change = rng.choice((str.upper, str.lower, str.title))
    return [each if keep and each.strip(",") == keep else change(each) for each in words.split(" ")]


def _dressed(rng: Random, dress: str, words: Sequence[str]) -> str:
    words = [each for each in words if each]
    if dress in ("inline", "loop"):
        gaps = (" ", "  ", "\n        ", "\t", " /* WHERE x = 1 */ ", " // ORDER BY Name\n        ")
        query = "".join(f"{word}{rng.choice(gaps)}" for word in words)
        line = f"for (SObject s : [{query}]) {{}}" if dress == "loop" else f"return [ {query}];"
        return _class(line)
    if dress == "lines":
        return _class(
            "String q = '''\n" + "\n".join(words).replace("\\", "\\\\") + "\n'''; return Database.query(q);"
        )
    quoted = [word.replace("\\", "\\\\").replace("'", "\\'") for word in words]
    if dress == "text":
        return _class(f"return Database.queryWithBinds('{' '.join(quoted)}', binds, AccessLevel.USER_MODE);")
    if dress == "locator":
        return _class(f"String q = '{' '.join(quoted)}';\n        return Database.getQueryLocator(q);")
    if dress == "format":
        return _class(
            f"return Database.query(String.format('{' '.join(quoted)} ', new List<Object>{{ 1 }}));"
        )
    if dress == "joined":
        cuts = sorted(rng.sample(range(1, len(quoted)), min(3, len(quoted) - 1)))
        parts = [" ".join(quoted[a:b]) for a, b in zip([0, *cuts], [*cuts, len(quoted)], strict=True)]
        texts = " '\n            + '".join(parts)
        return _class(f"return Database.query('{texts}');")
    # Each clause is put behind what was there before.
    starts = [
        n
        for n, word in enumerate(quoted)
        if n and word.upper() in ("WHERE", "AND", "OR", "ORDER", "GROUP", "HAVING", "FROM")
    ]
    parts = [" ".join(quoted[a:b]) for a, b in zip([0, *starts], [*starts, len(quoted)], strict=True)]
    lines = "\n        ".join(f"q += ' {part}';" for part in parts[1:])
    return _class(f"String q = '{parts[0]}';\n        {lines}\n        return Database.countQuery(q);")


def _class(line: str) -> str:
    return f"public with sharing class Asking {{\n    Object run() {{\n        {line}\n    }}\n}}\n"
