"""Codes of the definitions of mobility: what each of its figures counts."""

DEFINITIONS = {
    "idp": "mobility.idp_present",
    "returned_idp": "mobility.returned_idp",
    "repatriate": "mobility.repatriate",
    "returnee": "mobility.returnee",
    "refugee_abroad": "mobility.refugee_abroad",
    "relocated": "mobility.relocated",
    "migrant": "mobility.migrant",
    "host": "mobility.host",
}
HOUSEHOLDS = "mobility.idp_households"
ASSESSED = "mobility.localities_assessed"
FLOW_AVERAGE, FLOW_PEOPLE, FLOW_NATIONALITY = (
    "mobility.flow_daily_average",
    "mobility.flow_people",
    "mobility.flow_nationality",
)
