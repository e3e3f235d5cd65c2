"""Pages of forms: the list, one form, drafts with their faults, what is published and for whom."""
