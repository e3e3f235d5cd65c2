"""Phones: their accounts, and the doors of OpenRosa through which they get forms and send what was filled in.

Used by ODK Collect, KoboCollect and whatever speaks OpenRosa; by data managers for the accounts.
"""
