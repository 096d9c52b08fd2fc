"""The slot that colour and dash pattern follow from; stars."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEFORE = ("#0072B2", "#D17A00", "#00916A", "#B44C97", "#2E97D6", "#C2410C", "#7A6FD0", "#7C7A12")
AFTER = ("#0072B2", "#FD5924", "#04A115", "#8651EF", "#A54C03", "#0798FC", "#8A5F79", "#899299")

sweeps = sa.table("sweeps", sa.column("id", sa.String), sa.column("slot", sa.Integer), sa.column("color", sa.String))


def upgrade() -> None:
    with op.batch_alter_table("sweeps") as table:
        table.add_column(sa.Column("slot", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("starred", sa.Boolean(), nullable=False, server_default=sa.false()))
    for slot, color in enumerate(BEFORE):  # a colour that a person chose stays
        given = sa.update(sweeps).where(sweeps.c.color == color)
        op.execute(given.values(slot=slot, color=AFTER[slot]))


def downgrade() -> None:
    for slot, color in enumerate(AFTER):
        op.execute(sa.update(sweeps).where(sweeps.c.color == color).values(color=BEFORE[slot]))
    with op.batch_alter_table("sweeps") as table:
        table.drop_column("starred")
        table.drop_column("slot")
