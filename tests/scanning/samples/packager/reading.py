eval(text)  # bad: code-from-data
exec(text)  # bad: code-from-data
pickle.loads(data)  # bad: code-from-data
yaml.load(text, Loader=yaml.Loader)  # bad: code-from-data
yaml.full_load(text)  # bad: code-from-data
importlib.import_module(name)  # bad: code-from-data
yaml.safe_load(text)  # good: code-from-data
json.loads(text)  # good: code-from-data
re.compile(pattern)  # good: code-from-data

zipfile.ZipFile(path).extractall(folder)  # bad: archive-unpacked
shutil.unpack_archive(path, folder)  # bad: archive-unpacked
zipfile.ZipFile(path).read("solution.yaml")  # good: archive-unpacked
