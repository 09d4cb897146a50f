"""What changed, on one count. The clinic's profile is on every page: the database itself notes a change of it,
by whatever way it came.
"""

from django.db import migrations, models


PROFILE = "education_clinicprofile"
NOTE = """
    INSERT INTO education_changecount (number) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM education_changecount);
    UPDATE education_changecount SET number = number + 1;
    INSERT INTO education_pagechange (path, number, gone) SELECT '*', number, false FROM education_changecount WHERE true
        ON CONFLICT (path) DO UPDATE SET number = excluded.number;
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE FUNCTION {PROFILE}_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {NOTE} RETURN NULL; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {PROFILE}_noted AFTER INSERT OR UPDATE ON {PROFILE} "
            f"FOR EACH ROW EXECUTE FUNCTION {PROFILE}_noted()"
        )
        return
    for verb in ("INSERT", "UPDATE"):
        schema_editor.execute(
            f"CREATE TRIGGER {PROFILE}_noted_{verb.lower()} AFTER {verb} ON {PROFILE} BEGIN {NOTE} END"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {PROFILE}_noted ON {PROFILE}")
        schema_editor.execute(f"DROP FUNCTION {PROFILE}_noted()")
        return
    for verb in ("insert", "update"):
        schema_editor.execute(f"DROP TRIGGER {PROFILE}_noted_{verb}")


class Migration(migrations.Migration):

    dependencies = [
        ('education', '0003_cache_and_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangeCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PageChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=300, unique=True)),
                ('number', models.PositiveBigIntegerField(db_index=True)),
                ('gone', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['number'],
                'default_permissions': (),
            },
        ),
        migrations.RunPython(create, drop),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['title', '-id'], name='article_title'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['updated_at'], name='article_updated_at'),
        ),
    ]
