"""Sweeps that extend another, and second stages."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sweeps") as sweeps:
        sweeps.add_column(sa.Column("rungs", sa.JSON(none_as_null=True), nullable=True))
        sweeps.add_column(sa.Column("origin_id", sa.String(length=16), nullable=True))
        sweeps.add_column(sa.Column("origin_how", sa.String(length=8), nullable=True))
        sweeps.add_column(sa.Column("stages", sa.Integer(), nullable=False, server_default="1"))
        sweeps.add_column(sa.Column("stage_due", sa.Boolean(), nullable=False, server_default=sa.false()))
        sweeps.create_index("ix_sweeps_stage_due", ["stage_due"])


def downgrade() -> None:
    with op.batch_alter_table("sweeps") as sweeps:
        sweeps.drop_index("ix_sweeps_stage_due")
        for column in ("stage_due", "stages", "origin_how", "origin_id", "rungs"):
            sweeps.drop_column(column)
