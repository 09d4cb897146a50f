"""Staff accounts. Patients never have one."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from education.accounts import roles
from education.audit.actions import record

PERMISSIONS = """
SELECT type.app_label, may.codename, 1 FROM education_user_groups member
JOIN auth_group_permissions held ON held.group_id = member.group_id
JOIN auth_permission may ON may.id = held.permission_id
JOIN django_content_type type ON type.id = may.content_type_id
WHERE member.user_id = %s
UNION ALL
SELECT type.app_label, may.codename, 0 FROM education_user_user_permissions held
JOIN auth_permission may ON may.id = held.permission_id
JOIN django_content_type type ON type.id = may.content_type_id
WHERE held.user_id = %s
"""


class UserManager(DjangoUserManager["User"]):
    def with_permission(self, permission: str) -> QuerySet["User"]:
        """Active accounts that have this permission, such as `education.sign_article`, through a role."""
        codename = permission.partition(".")[2]
        found = self.filter(is_active=True, is_staff=True, groups__permissions__codename=codename)
        return found.distinct().order_by("pk")

    @transaction.atomic
    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ) -> "User":
        """`manage.py createsuperuser`. On record, as every account. In a trial it also gets every role, so that it may
        do everything.
        """
        user = super().create_superuser(username, email, password, **extra_fields)
        record("staff_created", by=None, about=f"staff:{user.pk}", detail={"superuser": 1})
        if settings.TRIAL:
            roles.assign(user, *roles.ROLES, by=None)
        return user


class User(AbstractUser):
    objects: ClassVar[UserManager] = UserManager()
    second_factor: Any = None  # the form of a code that was typed together with the password (log_in/adapter.py)

    class Meta:
        verbose_name = "staff account"
        permissions = [("manage_staff", "Can manage staff accounts")]

    @cached_property
    def role_names(self) -> frozenset[str]:
        return frozenset(self.groups.values_list("name", flat=True))

    @cached_property
    def role_permissions(self) -> frozenset[str]:
        """What the roles allow, such as `education.sign_article`. Being a superuser adds nothing."""
        return frozenset(name for name, by_role in self.given if by_role)

    @cached_property
    def own_permissions(self) -> frozenset[str]:
        """Those and what the account was given by itself, which no screen of this site does."""
        return frozenset(name for name, _ in self.given)

    @cached_property
    def given(self) -> list[tuple[str, bool]]:
        """Each permission, and whether by a role. In SQL: each staff page asks, and Django would in three queries."""
        with connection.cursor() as cursor:
            cursor.execute(PERMISSIONS, [self.pk, self.pk])
            return [(f"{app}.{codename}", bool(by_role)) for app, codename, by_role in cursor.fetchall()]

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether this account may do it. A screen asks hundreds of times: the answers are kept with this object."""
        asked = perm, self.is_active, self.is_superuser
        if obj is not None:
            return self._may(perm, obj)
        if asked not in self._known_permissions:
            self._known_permissions[asked] = self._may(perm, None)
        return self._known_permissions[asked]

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and (
            self.is_superuser or any(name.startswith(f"{app_label}.") for name in self.own_permissions)
        )

    @cached_property
    def _known_permissions(self) -> dict[tuple[str, bool, bool], bool]:
        return {}

    def _may(self, perm: str, obj: Any) -> bool:
        if perm.endswith(roles.BY_ROLE_ONLY):
            return self.is_active and perm in self.role_permissions
        if obj is None:
            return self.is_active and (self.is_superuser or perm in self.own_permissions)
        return super().has_perm(perm, obj)

    def forget_permissions(self) -> None:
        """Drop what is cached on this object, after its roles changed."""
        of_django = ("_perm_cache", "_group_perm_cache", "_user_perm_cache")
        for name in ("role_names", "role_permissions", "own_permissions", "given", "_known_permissions", *of_django):
            self.__dict__.pop(name, None)

    @property
    def manages_accounts(self) -> bool:
        """Whether this account makes and changes those of others."""
        return self.has_perm(roles.MAY_MANAGE_STAFF)

    def other_administrators(self) -> QuerySet["User"]:
        return User.objects.with_permission(roles.MAY_MANAGE_STAFF).exclude(pk=self.pk)


class RoleRequest(models.Model):
    """Roles that an administrator wants for their own account, until another administrator decides."""

    account = models.OneToOneField(User, on_delete=models.CASCADE, related_name="role_request")
    roles = models.CharField(max_length=200, help_text="Names, separated by spaces.")
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()

    @property
    def role_labels(self) -> str:
        return roles.labels(self.roles.split())


class StaffSession(AbstractBaseSession):
    """A session as sessions.py keeps it. What is in it is encrypted with its key, which only the browser has."""

    session_key = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of the key.")
    account = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    began_at = models.DateTimeField(null=True)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=200, blank=True, help_text="As its browser calls itself.")

    class Meta:
        default_permissions = ()


def staff(request: HttpRequest) -> User:
    """The member of staff who sent this request. Raises PermissionDenied for anybody else."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
