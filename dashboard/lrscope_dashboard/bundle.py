"""The page's own files as it loads them: scripts in one, styles in one, at addresses that name their content."""

import hashlib
import mimetypes
from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

PREFIX = "/page/"
FONT, MARK = "fonts/inter-latin-wght-normal.woff2", "mark.svg"
THEME = "01_theme.js"  # runs in the head: before anything is painted

mimetypes.add_type("font/woff2", ".woff2")


class Bundle:
    """`address[name]`: where `page.js`, `page.css`, the font, the mark and each vendored script are found."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts = {
            **{path.name: [path] for path in sorted(folder.glob("vendor/*.js"))},
            **{Path(name).name: [folder / name] for name in (FONT, MARK)},
            "page.css": sorted(folder.glob("*.css")),
            "theme.js": [folder / THEME],
            "page.js": [path for path in sorted(folder.glob("*.js")) if path.name != THEME],
        }
        self.address: dict[str, str] = {}
        for name in self._parts:
            stem, dot, ending = name.rpartition(".")
            self.address[name] = f"{PREFIX}{stem}.{hashlib.sha256(self.read(name)).hexdigest()[:12]}{dot}{ending}"
        self._names = {address: name for name, address in self.address.items()}

    def read(self, name: str) -> bytes:
        """The parts in the order of their names, each a line of its own; styles ask for files where they are."""
        body = b"\n".join(part.read_bytes() for part in self._parts[name])
        if name == "page.css":
            for other in (FONT, MARK):
                body = body.replace(f'url("{other}")'.encode(), f'url("{self.address[Path(other).name]}")'.encode())
        return body

    @property
    def scripts(self) -> str:
        """Their tags, in the order in which they build on each other."""
        names = [name for name in self._parts if name.endswith(".js") and name != "theme.js"]
        return "\n".join(f'<script src="{self.address[name]}"></script>' for name in names)

    @property
    def named(self) -> dict[str, str]:
        """The addresses that stand in the page's head."""
        parts = {"mark": MARK, "font": Path(FONT).name, "styles": "page.css", "theme": "theme.js"}
        return {name: self.address[part] for name, part in parts.items()}

    def router(self) -> APIRouter:
        router = APIRouter()

        @router.get(PREFIX + "{file}", include_in_schema=False)
        def page_file(file: str) -> Response:
            name = self._names.get(PREFIX + file)
            if name is None:
                raise HTTPException(404)
            return Response(self.read(name), media_type=mimetypes.guess_type(name)[0])

        return router
