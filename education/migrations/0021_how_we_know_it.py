"""How the clinic knows each reference: from the whole text, from an excerpt, or from another source."""

from django.db import migrations, models

from education.migrations._triggers import keeping_triggers


class Migration(migrations.Migration):
    dependencies = [("education", "0020_installation_facts")]

    operations = keeping_triggers([
        migrations.AddField(
            model_name='reference',
            name='known_by',
            field=models.CharField(choices=[('whole', 'We read the whole text'), ('excerpt', 'We read its abstract or an excerpt, not the whole text'), ('not-seen', 'We have not seen the original, and know it from another source')], default='not-seen', help_text='Patients read it on the page of this reference.', max_length=10, verbose_name='how we know it'),
        ),
        migrations.AlterField(
            model_name='reference',
            name='kind',
            field=models.CharField(choices=[('rct', 'Randomized controlled trial'), ('meta-analysis', 'Meta-analysis'), ('guideline', 'Guideline'), ('registry', 'Registry study'), ('uncontrolled', 'Study without a comparison group'), ('observational', 'Survey or cohort study'), ('laboratory', 'Laboratory study'), ('protocol', 'Plan of a study'), ('case-report', 'Case report'), ('label', 'Medicine label'), ('review', 'Review'), ('website', 'Website')], max_length=20),
        ),
    ])
