"""What stands beside the images: endpoints, selection, tables, charts."""
