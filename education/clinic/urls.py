from django.urls import path

from education.clinic import views

urlpatterns = [
    path("theme.css", views.theme, name="theme"),
    path("media/logo/<str:name>", views.logo, name="clinic_logo"),
    path("contact/", views.contact, name="contact"),
]
