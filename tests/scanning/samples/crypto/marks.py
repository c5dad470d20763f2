hashlib.md5(data)  # bad: weak-hash
hashlib.new("sha1", data)  # bad: weak-hash
hashes.SHA1()  # bad: weak-hash
hashlib.sha256(data)  # good: weak-hash
hmac.digest(secret, data, hashlib.sha256)  # good: weak-hash
nonce = random.getrandbits(96)  # bad: chance-for-secrets
nonce = os.urandom(12)  # good: chance-for-secrets
