"""What an installation notes about itself: until when requests were purged, which host seals with which key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("education", "0019_decision_blocks")]
    operations = [
        migrations.CreateModel(
            name="InstallationFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True)),
                ("value", models.TextField()),
                ("noted_at", models.DateTimeField()),
            ],
            options={"default_permissions": ()},
        ),
    ]
