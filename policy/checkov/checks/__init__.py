# checkov loads checks from packages alone.
