"""From evidence to hairs: candidate shafts are proposed, chosen by how much they explain, and refined together."""
