"""What services say of a work, one module for each: from a service's record to a work as CSL-JSON has it."""
