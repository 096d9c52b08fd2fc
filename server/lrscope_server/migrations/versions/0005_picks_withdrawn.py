"""Picks know the smoothing they were made at, and that they were withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("picks") as picks:
        picks.add_column(sa.Column("smoothing", sa.Double(), nullable=True))
        picks.add_column(sa.Column("withdrawn_by", sa.String(length=120), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("picks") as picks:
        for column in ("withdrawn_by", "smoothing"):
            picks.drop_column(column)
