"""The list of sweeps on the left. Its rows and cells are filled and drawn by assets/30_list.js."""

from typing import Any

import dash_ag_grid as dag
from dash import html
from dash.development.base_component import Component

from lrscope_dashboard import ids
from lrscope_dashboard.layout.parts import attributes, button

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

COLUMNS: list[dict[str, Any]] = [
    {
        "colId": "eye",
        "headerName": "",
        "headerTooltip": "Shown on the plot",
        "valueGetter": {"function": "params.data.visible"},
        "cellRenderer": "LrscopeEye",
        "width": 40,
        "sortable": False,
        "cellClass": "cell--eye",
    },
    {
        "field": "name",
        "headerName": "Sweep",
        "cellRenderer": "LrscopeName",
        "flex": 1,
        "minWidth": 110,
        "cellClass": "cell--name",
    },
    {"field": "rank", "headerName": "State", "cellRenderer": "LrscopeState", "width": 96},
    {
        "field": "pick",
        "headerName": "Pick",
        "headerTooltip": "The rate that was picked; below it the suggestion",
        "cellRenderer": "LrscopePick",
        "width": 74,
        "type": "rightAligned",
    },
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
                    button("New sweep", ids.NEW, glyph="plus", look="primary"),
                ],
            ),
            html.Div(id=ids.NO_WORKER, className="notice", role="status", hidden=True),
            dag.AgGrid(
                id=ids.GRID,
                className="grid",
                columnDefs=COLUMNS,
                rowData=[],
                getRowId="params.data.id",
                defaultColDef={
                    "resizable": False,
                    "suppressMovable": True,
                    "suppressHeaderMenuButton": True,
                    "equals": {"function": "false"},  # cells show more than their value: a changed row is drawn anew
                },
                dashGridOptions={
                    "theme": {"function": THEME},
                    "rowSelection": {
                        "mode": "singleRow",
                        "checkboxes": False,
                        "enableClickSelection": False,
                    },
                    "animateRows": False,
                    "suppressHorizontalScroll": True,
                    "scrollbarWidth": 10,
                    "suppressCellFocus": False,
                    "suppressScrollOnNewData": True,
                    "localeText": {"noRowsToShow": "No sweeps"},
                    "tooltipShowDelay": 400,
                },
                eventListeners={
                    "cellClicked": ["lrscopeClick(params)"],
                    "cellDoubleClicked": ["lrscopeTwice(params)"],
                    "cellKeyDown": ["lrscopeKey(params)"],
                },
                style={"height": "100%"},
            ),
        ],
    )
