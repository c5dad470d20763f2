transaction.write(insert(table), rows)  # bad: record-written-elsewhere
transaction.write(update(catalog_table).values(a=1))  # bad: record-written-elsewhere
transaction.write(delete(entity.table))  # bad: record-written-elsewhere
connection.execute(table.delete())  # bad: record-written-elsewhere
transaction.write(update(SystemJob).values(status="FAILED"))  # good: record-written-elsewhere
transaction.write(delete(SystemJob.__table__))  # good: record-written-elsewhere
transaction.write(delete(self.held.class_))  # good: record-written-elsewhere
progress.update(done)  # good: record-written-elsewhere

table = engine.catalog.tables.entities["kobe_application"]  # bad: record-read-elsewhere
pairs = self._catalog.tables.intersects[name]  # bad: record-read-elsewhere
page = service.retrieve_multiple(caller, query)  # good: record-read-elsewhere
eraser = Caller.system("erasing what was not confirmed")  # good: system-behind-a-door

requests.get(address)  # bad: wait-without-end
urllib.request.urlopen(address)  # bad: wait-without-end
smtplib.SMTP(host, port)  # bad: wait-without-end
requests.post(address, json=body, timeout=5)  # good: wait-without-end
smtplib.SMTP(host, port, timeout=20)  # good: wait-without-end
requests.get(address, timeout=5, verify=False)  # bad: certificate-unchecked
context.check_hostname = False  # bad: certificate-unchecked
context.verify_mode = ssl.CERT_NONE  # bad: certificate-unchecked
requests.get(address, timeout=5, verify=bundle)  # good: certificate-unchecked

subprocess.run(f"gzip {path}", shell=True)  # bad: shell, process-started
os.system("gzip " + path)  # bad: shell
os.popen(command)  # bad: shell
subprocess.run(["gzip", path], check=True)  # bad: process-started
wait = random.uniform(0.8, 1.2)  # good: chance-for-secrets

LOGGER.warning("job %s of %s failed", job.id, record["kobe_email"])  # bad: value-in-the-log
LOGGER.info("%s came", request.remote_addr)  # bad: value-in-the-log
LOGGER.error("it failed", exc_info=True)  # bad: value-in-the-log
current_app.logger.exception("it failed")  # bad: value-in-the-log
_LOGGER.warning("to {}".format(address))  # bad: value-in-the-log
logging.warning("to %s" % address)  # bad: value-in-the-log
LOGGER.warning("job %s (%s) failed", job.id, job.kind)  # good: value-in-the-log
LOGGER.error("%s on %s", type(error).__name__, request.endpoint)  # good: value-in-the-log


def mails(smtp):
    try:
        smtp.send()
    except SMTPException as error:
        LOGGER.warning("the server said %s", error)  # bad: value-in-the-log
        LOGGER.warning("the server failed: %s", type(error).__name__)  # good: value-in-the-log
    try:  # bad: error-not-heard
        smtp.quit()
    except:
        pass
    try:  # bad: error-not-heard
        smtp.quit()
    except Exception:
        pass
    with contextlib.suppress(Exception):  # bad: error-not-heard
        smtp.quit()
    with contextlib.suppress(OSError):  # good: error-not-heard
        smtp.quit()
    try:  # good: error-not-heard
        smtp.quit()
    except SMTPException:
        pass
    try:  # good: error-not-heard
        smtp.quit()
    except Exception as error:
        raise Failed from error


def failed(error: OSError):
    LOGGER.warning("it failed: %s", error)  # bad: value-in-the-log
