"""What reads the log and the core: its tables, scores, new results, trends, pictures, reports and exports."""
