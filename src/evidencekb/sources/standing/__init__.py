"""The standing of sources: what happened to a work after it came out, who says so, and what could not be checked."""
