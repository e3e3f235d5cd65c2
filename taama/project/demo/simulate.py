"""Invented rounds with realistic faults. Everything follows from the seed; nothing of it is about real people.

Each locality has a true number of displaced people; enumerators ask informants who are more or less right;
some places are not reached, some phones are old and let faults through that ours would refuse.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from taama.project.demo.instances import assessment_xml, flow_xml


@dataclass(frozen=True)
class Round:
    code: str
    first: date
    last: date


@dataclass(frozen=True)
class Place:
    """A locality as the simulation knows it."""

    code: str
    region: str
    cercle: str
    lat: float
    lon: float


@dataclass
class Message:
    """What one phone sends once: the instance, and what it does besides."""

    instance_id: str
    form: str
    xml: bytes
    resent: bool = False  # the answer was lost: sent again
    then: bytes | None = None  # afterwards sent again with the same name and other content


@dataclass
class Simulation:
    """Messages of the rounds, in the order of sending."""

    scenario: dict
    seed: int = 2026
    messages: list = field(default_factory=list)

    def __post_init__(self):
        self.dice = random.Random(self.seed)  # noqa: S311  a simulation must be repeatable, not secret

    def uuid(self):
        return f"uuid:{self.dice.getrandbits(128):032x}"

    def assess(self, places, rounds):
        """Assessments of every place in every round."""
        truth = {place.code: self._first_truth(place) for place in places}
        before = {}
        for round_ in rounds:
            for place in places:
                self._assess_one(place, round_, truth, before)
            truth = {code: max(0, round(n * self.dice.gauss(1.04, 0.16))) for code, n in truth.items()}
        return self.messages

    def _first_truth(self, place):
        middle = self.scenario["people"].get(code_of(place.cercle), self.scenario["people_elsewhere"])
        return round(self.dice.lognormvariate(0, 0.8) * middle / 1.4)

    def _assess_one(self, place, round_, truth, before):
        day = round_.first + timedelta(days=self.dice.randrange((round_.last - round_.first).days + 1))
        answers = {"place": place, "round": round_.code, "date": day, "previous": before.get(place.code)}
        answers |= self._visit(place, truth[place.code])
        if answers["reached"]:
            self._break_something(answers)
            before[place.code] = (answers["people"], day)
        identifier = self.uuid()
        message = Message(identifier, "location_assessment", assessment_xml(identifier, answers))
        message.resent = self.dice.random() < 0.04
        self.messages.append(message)

    def _visit(self, place, true_people):
        hard = self.scenario["hard_to_reach"].get(code_of(place.cercle))
        if self.dice.random() < (hard or 0.05):
            reason = self.dice.choices(["insecurity", "access", "season", "refusal"], [6, 3, 2, 1])[0]
            return {"reached": False, "reason_not_reached": reason}
        by_phone = self.dice.random() < (0.35 if hard else 0.1)
        informants = self._informants(true_people)
        people = sorted(one["people"] for one in informants)[len(informants) // 2]
        households = max(1, round(people / self.dice.uniform(4.2, 6.4))) if people else 0
        households = min(households, people)
        return {
            "reached": True, "mode": "phone" if by_phone else "in_person", "informants": informants, "people": people,
            "households": households, "sex_age": split(people, self.scenario["sex_age"], self.dice), "reasons": split(people, self.scenario["reasons"], self.dice),
            "arrivals": split(people, self.scenario["arrivals"], self.dice), "shelters": split(households, self.scenario["shelters"], self.dice),
            "returned": self._returned(), "agreement": self._agreement(),
            "position": self._position(place) if not by_phone else None, "origin": self._origin(place),
        }  # fmt: skip

    def _informants(self, true_people):
        count = self.dice.choices([1, 2, 3, 4, 5], [4, 12, 50, 24, 10])[0]
        spread = self.dice.choice([0.03, 0.08, 0.08, 0.15])
        roles = self.dice.sample(
            ["chief", "displaced", "women", "authority", "health_school", "organisation"], count
        )
        return [
            {
                "role": role,
                "sex": "female" if role == "women" or self.dice.random() < 0.25 else "male",
                "people": self._said(true_people, spread),
                "sureness": self.dice.choices(["counted", "estimated", "heard"], [3, 6, 1])[0],
            }
            for role in roles
        ]

    def _said(self, true_people, spread):
        """What an informant says: near the truth, and often rounded to tens or hundreds."""
        said = max(0, round(true_people * self.dice.gauss(1, spread)))
        step = self.dice.choices([1, 5, 10, 50], [5, 2, 2, 1])[0] if said > 100 else 1
        return said // step * step

    def _agreement(self):
        levels = ["everything", "most", "some", "no"]
        return [
            self.dice.choices(levels, weights)[0] for weights in ([5, 4, 2, 1], [4, 3, 2, 3], [5, 4, 2, 1])
        ]

    def _returned(self):
        if self.dice.random() > 0.45:
            return None
        returned, repatriates = self.dice.randrange(0, 400), self.dice.randrange(0, 120)
        return {"returned_idp": returned, "repatriate": repatriates}

    def _position(self, place):
        lost = self.dice.random() < 0.015  # a form filled in at the office, far away
        reach = 3.0 if lost else 0.012
        lat, lon = place.lat + self.dice.uniform(-reach, reach), place.lon + self.dice.uniform(-reach, reach)
        return f"{lat:.5f} {lon:.5f} 0 {self.dice.uniform(4, 12):.1f}"

    def _origin(self, place):
        near = place.region if self.dice.random() < 0.7 else self.scenario["common_origin"]
        return near if self.dice.random() < 0.93 else ""

    def _break_something(self, answers):
        """The faults of real rounds, each rare: old form, typing, copying, guessing."""
        draw = self.dice.random()
        if draw < 0.012 and answers["people"] > 20:
            answers["sex_age"]["female_18_59"] += self.dice.randrange(5, 40)  # parts exceed the total
        elif draw < 0.02 and answers["people"] > 20:
            answers["households"] = max(1, answers["people"] // 14)  # fourteen people in each household
        elif draw < 0.026 and answers["previous"]:
            answers["people"] *= 12  # one digit too many
        elif draw < 0.031:
            answers["reasons"]["unknown"] += 7
        elif draw < 0.036 and answers["returned"]:
            answers["returned"]["undivided_excess"] = 15

    def observe(self, usual_by_point, days):
        """Days of flow monitoring points: most observed, some not, one point suspended from a day on."""
        for point, usual in usual_by_point.items():
            for day in days:
                self._observe_one(point, usual, day)
        return self.messages

    def _observe_one(self, point, usual, day):
        identifier = self.uuid()
        closed_from = self.scenario["flow"]["suspended"].get(point)
        if closed_from and day >= closed_from:
            status = "suspended"
        else:
            status = "observed" if self.dice.random() > 0.07 else "not_observed"
        answers = {"point": point, "date": day, "status": status}
        if status == "observed":
            answers |= self._passages(point, usual, day)
        self.messages.append(Message(identifier, "flow_registry", flow_xml(identifier, answers)))

    def _passages(self, point, usual, day):
        market_day = 1.6 if day.isoweekday() == 6 else 1.0
        groups = [
            self._group() for _ in range(max(0, round(self.dice.gauss(usual * market_day, usual * 0.2) / 9)))
        ]
        totals = {"incoming": 0, "outgoing": 0, "internal": 0}
        for group in groups:
            totals[group["direction"]] += sum(group[who] for who in ("men", "women", "boys", "girls"))
        if self.dice.random() < 0.01:
            totals["incoming"] += 30  # the tally sheet does not agree with its parts
            return {
                "hours": 10,
                "staff": 3,
                "groups": groups,
                "totals": totals,
                "people": sum(totals.values()) - 30,
            }
        return {
            "hours": self.dice.choice([8, 10, 10, 12]), "staff": self.dice.choice([2, 3, 3, 4]), "groups": groups,
            "totals": totals, "people": sum(totals.values()),
        }  # fmt: skip

    def _one_of(self, name):
        shares = self.scenario[name]
        return self.dice.choices(list(shares), list(shares.values()))[0]

    def _group(self):
        return {
            "direction": self.dice.choices(["incoming", "outgoing", "internal"], [4, 5, 1])[0],
            "men": self.dice.randrange(1, 9), "women": self.dice.randrange(0, 5), "boys": self.dice.randrange(0, 3),
            "girls": self.dice.randrange(0, 3),
            "nationality": self._one_of("nationality"),
            "destination": self._one_of("destination"),
            "transport": self.dice.choices(["bus", "car", "truck", "motorcycle", "foot"], [48, 20, 18, 10, 4])[0],
            "motive": self.dice.choices(["economic_long", "seasonal", "economic_short", "family", "conflict"], [42, 22, 17, 13, 6])[0],
            "came_from": self._one_of("came_from"),
            "seen_by": self.dice.choices(["observation", "informant", "interview"], [3, 4, 3])[0],
        }  # fmt: skip


def code_of(key):
    """The code of an area key: `ML0506` of `ML0506@2021-12-20`."""
    return key.partition("@")[0]


def split(total, shares, dice):
    """Whole numbers near these shares that add up to the total, as people who count do."""
    left, parts = total, {}
    names = list(shares)
    for name in names[:-1]:
        parts[name] = min(left, max(0, round(total * shares[name] * dice.uniform(0.75, 1.25))))
        left -= parts[name]
    parts[names[-1]] = left
    return parts
