"""HTML of our own templates, set as a printer would: `html` once it is rendered, `loader` as a template is read."""
