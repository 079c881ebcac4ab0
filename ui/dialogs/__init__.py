"""Windows of their own: settings, keys, new studies."""
