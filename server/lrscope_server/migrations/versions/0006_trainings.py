"""Trainings that confirm a rate."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sweeps") as sweeps:
        sweeps.add_column(sa.Column("kind", sa.String(length=12), nullable=False, server_default="range_test"))
        sweeps.add_column(sa.Column("training", sa.JSON(none_as_null=True), nullable=True))
        sweeps.add_column(sa.Column("confirming", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sweeps") as sweeps:
        for column in ("confirming", "training", "kind"):
            sweeps.drop_column(column)
