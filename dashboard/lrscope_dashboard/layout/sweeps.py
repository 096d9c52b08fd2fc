"""The list of sweeps on the left. Its rows and cells are filled and drawn by assets/30_list.js."""

from typing import Any

import dash_ag_grid as dag
from dash import html
from dash.development.base_component import Component

from lrscope.terms import TERMS
from lrscope_dashboard import ids
from lrscope_dashboard.layout.parts import attributes, button, icon_button

THEME = (
    "themeQuartz.withParams({"
    "backgroundColor: 'var(--surface)', foregroundColor: 'var(--ink)', borderColor: 'var(--line)',"
    "accentColor: 'var(--ink)', browserColorScheme: 'inherit', fontFamily: 'var(--font)', fontSize: 13,"
    "headerBackgroundColor: 'var(--surface)', headerTextColor: 'var(--ink-3)', headerFontSize: 12,"
    "headerFontWeight: 500, headerHeight: 30, rowHeight: 52, cellHorizontalPadding: 8,"
    "rowHoverColor: 'var(--hover)', selectedRowBackgroundColor: 'var(--selected)',"
    "wrapperBorder: false, wrapperBorderRadius: 0, columnBorder: false, headerColumnBorder: false,"
    "headerColumnResizeHandleDisplay: 'none'})"
)


def _column(id: str, head: str, **props: Any) -> dict[str, Any]:
    """A column whose value the scripts order by; their rows come to the grid as they are to be shown."""
    return {"colId": id, "headerName": head, "field": id, "comparator": {"function": "lrscopeEqual"}, **props}


def _extra(id: str, head: str, width: int, **props: Any) -> dict[str, Any]:
    """A column for a wide list, hidden until then."""
    return _column(id, head, width=width, hide=True, cellClass="cell--plain", **props)


COLUMNS: list[dict[str, Any]] = [
    _column("eye", "", field="visible", cellRenderer="LrscopeEye", width=42, sortable=False, cellClass="cell--eye"),
    _column("name", "Sweep", cellRenderer="LrscopeName", flex=1, minWidth=110, cellClass="cell--name"),
    _column("state", "State", field="status", cellRenderer="LrscopeState", width=96),
    _column(
        "pick",
        "Pick",
        headerTooltip="The rate that was picked; below it the suggestion",
        cellRenderer="LrscopePick",
        width=66,
        type="rightAligned",
    ),
    _extra(
        "suggestion",
        "Suggestion",
        88,
        headerTooltip=TERMS["suggestion"].text,
        cellRenderer="LrscopeSuggestion",
        type="rightAligned",
    ),
    _extra("best", "Lowest loss", 92, cellRenderer="LrscopeBest", type="rightAligned"),
    _extra("owner", "Owner", 90),
    _extra("recipe", "Recipe", 120, headerTooltip=TERMS["recipe"].text),
    _extra("tags", "Tags", 130, cellRenderer="LrscopeTags"),
    _extra("range", "Range", 110),
    _extra("steps", "Steps", 66, headerTooltip=TERMS["step"].text, type="rightAligned"),
    _extra("seed", "Seed", 62, headerTooltip=TERMS["seed"].text, type="rightAligned"),
    _extra("optimizer", "Optimizer", 90),
    _extra("device", "Device", 90, headerTooltip=TERMS["device"].text),
    _extra("made", "Queued", 82, cellRenderer="LrscopeMade"),
    _column(
        "more",
        "",
        field="id",
        cellRenderer="LrscopeMore",
        width=28,
        minWidth=28,
        sortable=False,
        cellClass="cell--more",
    ),
]


def sweeps_panel() -> Component:
    return html.Section(
        className="panel panel--sweeps",
        **attributes(aria_label="Sweeps"),
        children=[
            html.Div(
                className="panel__head",
                children=[
                    html.H2("Sweeps", className="panel__title"),
                    html.Div(id=ids.FILTER, className="filter"),
                    icon_button("Group, filter, columns", ids.OPTIONS, "options"),
                    button("New sweep", ids.NEW, glyph="plus", look="primary"),
                ],
            ),
            html.Div(id=ids.LINK_NOTICE, className="notice notice--quiet", role="status", hidden=True),
            html.Div(id=ids.NO_WORKER, className="notice", role="status", hidden=True),
            dag.AgGrid(
                id=ids.GRID,
                className="grid",
                columnDefs=COLUMNS,
                getRowId="params.data.id",
                defaultColDef={
                    "resizable": False,
                    "cellDataType": False,
                    "suppressMovable": True,
                    "suppressHeaderMenuButton": True,
                    "equals": {"function": "false"},  # cells show more than their value: a changed row is drawn anew
                },
                dashGridOptions={
                    "theme": {"function": THEME},
                    "loading": False,
                    "isExternalFilterPresent": {"function": "true"},
                    "doesExternalFilterPass": {"function": "lrscopePlaced(params)"},
                    "postSortRows": {"function": "lrscopeOrder(params)"},
                    "isFullWidthRow": {"function": "lrscopeIsGroup(params)"},
                    "fullWidthCellRenderer": "LrscopeGroup",
                    "getRowHeight": {"function": "lrscopeHeight(params)"},
                    "preventDefaultOnContextMenu": True,
                    "suppressMaintainUnsortedOrder": True,
                    "animateRows": False,
                    "scrollbarWidth": 10,
                    "suppressCellFocus": False,
                    "suppressScrollOnNewData": True,
                    "suppressNoRowsOverlay": True,
                    "tooltipShowDelay": 400,
                },
                rowClassRules={
                    "is-focus": "params.data.focus",
                    "is-chosen": "params.data.chosen",
                    "is-archived": "params.data.archived",
                },
                eventListeners={
                    "cellClicked": ["lrscopeClick(params)"],
                    "cellDoubleClicked": ["lrscopeTwice(params)"],
                    "cellKeyDown": ["lrscopeKey(params)"],
                    "cellContextMenu": ["lrscopeContext(params)"],
                    "sortChanged": ["lrscopeSort()"],
                },
                style={"height": "100%"},
            ),
            html.Div(id=ids.FOOT, className="listfoot", hidden=True),
        ],
    )


def splitter() -> Component:
    """Between list and plot; assets/39_splitter.js moves it."""
    return html.Div(
        id=ids.SPLITTER,
        className="splitter",
        role="separator",
        tabIndex="0",
        title="Drag to widen the list, double click for its columns",
        **attributes(aria_label="Width of the list", aria_orientation="vertical"),
    )
