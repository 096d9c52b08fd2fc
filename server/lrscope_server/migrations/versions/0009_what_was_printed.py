"""What the recipe printed, kept with each attempt."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempts", sa.Column("log", sa.Text()))


def downgrade() -> None:
    op.drop_column("attempts", "log")
