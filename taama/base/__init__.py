"""People, organisations, roles, policy, journal, actions, parameters, periods, errors, languages.

Tables: User, Organisation, Membership, JournalEntry, JournalDetail, Lease.
Everybody stands on it; it knows nobody.
"""
