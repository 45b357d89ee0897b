"""What notebooks show and let people choose in; nothing of it is loaded before it is asked for."""
