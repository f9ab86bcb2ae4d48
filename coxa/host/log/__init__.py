def find_session(name, log): return None
def session_items(s): return []
