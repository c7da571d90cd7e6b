"""What campaigns came to: what people did with them, what is credited to them, what they caused."""
