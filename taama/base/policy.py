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
    """One door: its code, whether it writes or reads, and the roles or kinds of viewer that pass.

    `everywhere`: what lies behind concerns the whole country, so that a role held for one area does not open it.
    """

    code: str
    kind: str
    allow: frozenset
    summary: str
    everywhere: bool = False

    @property
    def module(self):
        return self.code.partition(".")[0]


RULES: dict[str, Rule] = {}


def declare(code, kind, allow, summary, everywhere=False):
    """Enter a rule in the policy table; two doors of one code are a fault of ours."""
    rule = Rule(code, kind, frozenset(allow), summary, everywhere)
    if RULES.setdefault(code, rule) != rule:
        raise ValueError(f"rule {code} is declared twice")
    return rule


@dataclass(frozen=True)
class Standing:
    """A role in an organisation for an area ('' is everywhere), in force now; of a phone also its team."""

    organisation: str
    role: str
    area: str = ""
    team: str = ""


@dataclass(frozen=True)
class Viewer:
    """Who is looking or acting."""

    kind: str = ANYONE
    id: str = ""
    standings: tuple[Standing, ...] = ()

    def passes(self, rule):
        """Whether one of the names by which this viewer goes is among those that the rule lets through."""
        if self.kind == SYSTEM:
            return bool(rule.allow & {SYSTEM, ANYONE, SIGNED_IN})
        roles = {s.role for s in self.standings if not (rule.everywhere and s.area)}
        return bool(rule.allow & ({ANYONE, self.kind} | roles))

    def may(self, code):
        """Whether the door of this code opens. An undeclared door never opens."""
        rule = RULES.get(code)
        return rule is not None and self.passes(rule)

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
