from django.urls import path

from education.consultations import views

urlpatterns = [
    path("request-a-consultation/", views.consultation_form, name="consultation_form"),
    path("my-request/<str:token>/", views.receipt, name="receipt"),
]
