"""Words beside the articles that patients read in a clinician's name: each exact wording waits for a signature."""
