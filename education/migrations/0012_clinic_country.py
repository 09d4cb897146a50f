"""The country that the clinic is in, and where in it: numbers, dates and holidays follow it."""

from django.db import migrations, models

from education.migrations._triggers import keeping_triggers


class Migration(migrations.Migration):
    dependencies = [("education", "0011_staff_sessions")]

    operations = keeping_triggers([
        migrations.AddField(
            model_name='clinicprofile',
            name='country',
            field=models.CharField(choices=[('US', 'United States'), ('AU', 'Australia'), ('AT', 'Austria'), ('BE', 'Belgium'), ('BG', 'Bulgaria'), ('CA', 'Canada'), ('HR', 'Croatia'), ('CY', 'Cyprus'), ('CZ', 'Czechia'), ('DK', 'Denmark'), ('EE', 'Estonia'), ('FI', 'Finland'), ('FR', 'France'), ('DE', 'Germany'), ('GR', 'Greece'), ('HU', 'Hungary'), ('IN', 'India'), ('IE', 'Ireland'), ('IT', 'Italy'), ('LV', 'Latvia'), ('LT', 'Lithuania'), ('LU', 'Luxembourg'), ('MT', 'Malta'), ('MX', 'Mexico'), ('NL', 'Netherlands'), ('NZ', 'New Zealand'), ('NO', 'Norway'), ('PL', 'Poland'), ('PT', 'Portugal'), ('RO', 'Romania'), ('SK', 'Slovakia'), ('SI', 'Slovenia'), ('ZA', 'South Africa'), ('ES', 'Spain'), ('SE', 'Sweden'), ('CH', 'Switzerland'), ('GB', 'United Kingdom')], default='US', help_text='Telephone numbers without a country code are read as numbers of this country.', max_length=2),
        ),
        migrations.AddField(
            model_name='clinicprofile',
            name='region',
            field=models.CharField(blank=True, help_text='Its short form, for example CA for California: some public holidays are kept in one region only.', max_length=6, verbose_name='state or region'),
        ),
    ])
