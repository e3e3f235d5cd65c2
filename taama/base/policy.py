"""Who may do and know what: rules declared by actions and queries, in one table. Default deny."""

from dataclasses import dataclass

from taama.base.errors import NotAllowed

ANYONE = "anyone"  # also people without an account
SIGNED_IN = "signed_in"
DEVICE = "device"  # a phone with its own account
SYSTEM = "system"  # the worker and the command line on the server itself

KINDS = ("action", "query")


@dataclass(frozen=True)
class Rule:
    """One door: its code, whether it writes or reads, and the roles or kinds of viewer that pass."""

    code: str
    kind: str
    allow: frozenset
    summary: str

    @property
    def module(self):
        return self.code.partition(".")[0]


RULES: dict[str, Rule] = {}


def declare(code, kind, allow, summary):
    """Enter a rule in the policy table; two doors of one code are a fault of ours."""
    rule = Rule(code, kind, frozenset(allow), summary)
    if RULES.setdefault(code, rule) != rule:
        raise ValueError(f"rule {code} is declared twice")
    return rule


@dataclass(frozen=True)
class Standing:
    """A role in an organisation for an area ('' is everywhere), in force now."""

    organisation: str
    role: str
    area: str = ""


@dataclass(frozen=True)
class Viewer:
    """Who is looking or acting."""

    kind: str = ANYONE
    id: str = ""
    standings: tuple[Standing, ...] = ()

    @property
    def passes(self):
        """Everything a rule may name to let this viewer through."""
        if self.kind == SYSTEM:
            return frozenset({SYSTEM, ANYONE, SIGNED_IN})
        names = {ANYONE, self.kind}
        return frozenset(names | {standing.role for standing in self.standings})

    def may(self, code):
        """Whether the door of this code opens. An undeclared door never opens."""
        rule = RULES.get(code)
        return rule is not None and bool(rule.allow & self.passes)

    def require(self, code):
        if not self.may(code):
            raise NotAllowed(rule=code)

    def areas(self, *roles):
        """Keys of the areas in which the viewer holds one of these roles; '' among them means everywhere."""
        if self.kind == SYSTEM:
            return frozenset({""})
        return frozenset(s.area for s in self.standings if s.role in roles)


ANONYMOUS = Viewer()
WORKER = Viewer(SYSTEM, "worker")
OPERATOR = Viewer(SYSTEM, "operator")
