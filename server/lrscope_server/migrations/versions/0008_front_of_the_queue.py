"""Sweeps that were moved to the front of the queue, and the index of the order in which sweeps are handed out."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sweeps") as sweeps:
        sweeps.add_column(sa.Column("hurry", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_sweeps_queue", "sweeps", ["status", "hurry", "priority", "id"])


def downgrade() -> None:
    op.drop_index("ix_sweeps_queue", "sweeps")
    with op.batch_alter_table("sweeps") as sweeps:
        sweeps.drop_column("hurry")
