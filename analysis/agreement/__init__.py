"""How far several reads of the same images agree: values, objects, classes, and over time."""
