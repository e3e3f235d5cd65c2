"""The situation report as PDF: one template, compiled without network or system fonts."""
