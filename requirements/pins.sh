#!/bin/sh
# Resolve the requirement files again, for every platform and for Python 3.11 and later: `make pins`.
# They hold names, versions and hashes, and no address: where packages come from is a setting of the machine.
set -eu
cd "$(dirname "$0")/.."
UV=${UV:-uv}
PYTHON=${PYTHON:-python3}

listed() { # what pyproject.toml lists, one requirement a line: listed build, listed docs
  "$PYTHON" - "$@" <<'END'
import sys, tomllib
with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file)
for name in sys.argv[1:]:
    # An editable install needs `editables`, which the backend asks for only when it is asked.
    build = [*project["build-system"]["requires"], "editables"]
    print(*(build if name == "build" else project["project"]["optional-dependencies"][name]), sep="\n")
END
}

pin() { # name, what it is for, then a source and options of uv
  name=$1
  what=$2
  shift 2
  "$UV" pip compile --universal --python-version 3.11 --generate-hashes --upgrade --quiet --no-header \
    --custom-compile-command "make pins" "$@" >"requirements/$name.tmp"
  {
    echo "# $what"
    echo "# Made from pyproject.toml by \`make pins\`: edit that, not this."
    sed -e 's/ (pyproject\.toml)$//' -e 's/via -r -$/via multipolar/' -e 's/#   -r -$/#   multipolar/' "requirements/$name.tmp"
  } >"requirements/$name.txt"
  rm "requirements/$name.tmp"
  echo "requirements/$name.txt"
}

pin run "What multipolar needs." pyproject.toml
pin dev "What multipolar and its tests need." pyproject.toml --extra dev --constraint requirements/run.txt
listed build | pin build "What builds multipolar." - --constraint requirements/dev.txt
listed docs | pin docs "What builds the site." - --constraint requirements/dev.txt
listed spark | pin extras "What the extra spark needs besides." - \
  --constraint requirements/run.txt
