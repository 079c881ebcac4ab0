"""The trial that a study holds: values of subjects at visits, the schedule, what is missing, and the statistics."""
