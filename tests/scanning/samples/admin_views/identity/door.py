from flask_login import current_user  # good: current-user-elsewhere

is_right = given_token == token  # bad: secret-compared
is_right = token_of(visit) == request.form["form_token"]  # bad: secret-compared
is_right = hashlib.sha256(data).hexdigest() != expected  # bad: secret-compared
is_right = expected == row.mac  # bad: secret-compared
is_right = hmac.compare_digest(given_token, token)  # good: secret-compared
is_given = token != ""  # good: secret-compared
statement = select(StaffSession).where(StaffSession.token_hash == hashed)  # good: secret-compared
of_visit = FormSession.token_hash == visit.token_hash  # good: secret-compared
is_long = len(password) == 12  # good: secret-compared
