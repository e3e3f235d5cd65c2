"""What pages, reports, datasets and APIs can know of published figures."""
