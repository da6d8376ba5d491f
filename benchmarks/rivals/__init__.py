"""What casefacts is compared with: one module for each kind of tool, one small adapter for each tool."""
